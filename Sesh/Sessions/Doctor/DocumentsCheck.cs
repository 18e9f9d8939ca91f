using System.Globalization;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Doctor;

/// <summary>Every byte of every document, and what the documents say of each other.</summary>
internal static class DocumentsCheck
{
    /// <summary>What loses something, or keeps something from being read.</summary>
    private static readonly string[] Serious = ["damaged", "newer-version", "unreadable", "home-unreadable"];

    public static IEnumerable<Finding> Look(SessionStore store)
    {
        IReadOnlyList<DocumentReport> reports;
        Snapshot snapshot;
        Finding? failed = null;
        try
        {
            reports = store.Verify();
            snapshot = store.Read();
        }
        catch (SeshException e)
        {
            failed = Finding.Fail("documents", e.Message, e.Hint);
            (reports, snapshot) = ([], null!);
        }

        if (failed is not null)
        {
            yield return failed;
            yield break;
        }

        var told = new HashSet<string>();
        foreach (var notice in reports.SelectMany(r => r.Notices).Concat(snapshot.Notices))
        {
            if (told.Add(notice.Message))
                yield return new Finding(Array.Exists(Serious, c => c == notice.Code) ? Health.Fail : Health.Warn, "documents", notice.Message, notice.Hint);
        }

        var bytes = reports.Sum(r => r.Bytes);
        var machines = reports.Select(r => r.Machine).Where(m => m.Length > 0).Distinct().Count();
        yield return Finding.Ok("documents", string.Create(CultureInfo.InvariantCulture,
            $"{reports.Count} read to the last byte: {snapshot.Count} {(snapshot.Count == 1 ? "session" : "sessions")}, {machines} {(machines == 1 ? "machine" : "machines")}, {bytes >> 10} KiB"));
    }

    /// <summary>Clocks that disagree by more than any network delay explains.</summary>
    public static IEnumerable<Finding> Clocks(Snapshot snapshot, DateTimeOffset now)
    {
        var ahead = new Dictionary<string, long>();
        foreach (var record in snapshot.Records())
        {
            var by = record.UpdatedAt - now.ToUnixTimeMilliseconds();
            if (by > 60_000 && by > ahead.GetValueOrDefault(record.Machine))
                ahead[record.Machine] = by;
        }

        if (ahead.Count == 0)
            yield return Finding.Ok("clock", "no entry is from the future");
        foreach (var (machine, by) in ahead)
        {
            var span = TimeSpan.FromMilliseconds(Math.Min(by, (long)TimeSpan.MaxValue.TotalMilliseconds / 2));
            yield return Finding.Warn("clock",
                $"sessions of {(machine.Length == 0 ? "an unknown machine" : machine)} were written up to {(span.TotalHours < 48 ? $"{span:hh\\:mm\\:ss}" : FormattableString.Invariant($"{span.TotalDays:0} days"))} in the future",
                "set that machine's clock, or this one's; nothing is lost: a later edit replaces such an entry whatever its clock says");
        }
    }
}
