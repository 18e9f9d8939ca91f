using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Live;

namespace Sesh.Sync.Store.Sharing;

/// <summary>What other machines hear of live rows: this machine's own, but for private sessions, and those of others as they came.</summary>
/// <param name="mayLeave">Whether a session of this machine may be told of.</param>
internal sealed class LiveOffer(StoreOptions options, Func<SessionId, bool> mayLeave)
{
    private long Now => options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static ImmutableArray<LiveState> States(string home)
    {
        using var folder = LiveFolder.Open(home);
        return [.. folder.Files.Where(f => f.Header.Replica != default).Select(f => StateOf(f.Header)).OrderBy(s => s.Replica).ThenBy(s => s.Machine, StringComparer.Ordinal)];
    }

    public IEnumerable<LiveParcel> Parcels(ImmutableArray<LiveState> theirs)
    {
        using var folder = LiveFolder.Open(options.Home);
        var own = Installation.Of(options.Home)?.Replica;
        foreach (var file in folder.Files)
        {
            // Of another machine whatever its replicas say: who of them counts is for the reader. Under our own name nobody speaks here but this replica: not a former one, nor the original of a copied home.
            if (file.Header.Replica == default || (file.Header.Machine == options.Machine?.Text && file.Header.Replica != own))
                continue;
            var known = theirs.FirstOrDefault(t => t.Machine == file.Header.Machine && t.Replica == file.Header.Replica);
            foreach (var parcel in Parcels(file, known.Machine is null ? null : known))
                yield return parcel;
        }
    }

    private static LiveState StateOf(LiveHeader header) => new(header.Machine, header.Replica, header.Incarnation, header.Stamp) { LastWalk = header.LastWalk };

    private IEnumerable<LiveParcel> Parcels(LiveFile file, LiveState? theirs)
    {
        var header = file.Header;
        var isOwn = header.Machine == options.Machine?.Text;
        var order = theirs is { } t ? (header.Incarnation, header.Stamp).CompareTo((t.Incarnation, t.Stamp)) : 1;
        // Who knows more of this machine than itself has it from before its file was lost, or from a liar.
        if (order == 0 || (order < 0 && !isOwn) || (isOwn && header.Stamp.Milliseconds > Now + LiveMerge.SetBack))
            return [];
        var since = order < 0 || theirs?.Incarnation != header.Incarnation ? (Hlc?)null : theirs.Value.Stamp;
        // Looked at again and found as it was: most of what there is to tell of an idle machine, and told without reading any row.
        if (since >= header.NewestRow)
            return [Parcel(header, header.Stamp, isWhole: false, [])];
        return file.ReadAll() is { } rows ? Parcels(rows, isOwn, since) : [];
    }

    // A stamp says that everything up to it is held: only the last parcel may bring the new one.
    private IEnumerable<LiveParcel> Parcels(LiveRows rows, bool isOwn, Hlc? since)
    {
        var header = rows.Header;
        var batch = ImmutableArray.CreateBuilder<(SessionId, ReadOnlyMemory<byte>)>();
        var (size, isFirst) = (0, true);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows.Row(i);
            if (!LiveRowFormat.IsSound(row.Span) || row.Length > SharingLimits.LiveRow
                || (since is { } stamp && LiveRowFormat.Stamp(row.Span) <= stamp) || (isOwn && !mayLeave(rows.Session(i))))
                continue;
            if (size + row.Length > SharingLimits.Step)
            {
                yield return Parcel(header, since ?? default, isFirst && since is null, batch.DrainToImmutable());
                (size, isFirst) = (0, false);
            }

            batch.Add((rows.Session(i), row));
            size += row.Length;
        }

        yield return Parcel(header, header.Stamp, isFirst && since is null, batch.DrainToImmutable());
    }

    private LiveParcel Parcel(LiveHeader header, Hlc stamp, bool isWhole, ImmutableArray<(SessionId Session, ReadOnlyMemory<byte> Row)> rows) =>
        new(StateOf(header) with { Stamp = stamp }, header.Boot, header.LastWalk, Now - header.Skew, isWhole, rows);
}
