using System.Globalization;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

/// <summary>Two sources of a snapshot asked everything, their answers compared as text.</summary>
internal static class SourceComparison
{
    public static void AssertAlike(IWriterSource actual, IWriterSource expected, IReadOnlyCollection<SessionId> sessions, long wall)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Records().Select(Text), actual.Records().Select(Text));
        foreach (var machine in expected.Records().Select(r => r.Machine).Append("nobody").Distinct())
            Assert.Equal(expected.Records().Where(r => r.Machine == machine).Select(Text), actual.RecordsOf(machine).Select(Text));
        Assert.Equal(expected.Tags(), actual.Tags());
        Assert.Equal(expected.Notices.Where(n => !n.Quiet), actual.Notices.Where(n => !n.Quiet));
        Assert.Equal(expected.Highest(wall), actual.Highest(wall));
        Assert.Equal(expected.Highest(wall - 90_000_000), actual.Highest(wall - 90_000_000));
        foreach (var session in sessions.Append(SessionId.New()))
        {
            Assert.Equal(Text(expected.Find(session)), Text(actual.Find(session)));
            Assert.Equal(Text(expected.State(session)), Text(actual.State(session)));
        }

        foreach (var prefix in Prefixes(expected))
            Assert.Equal(expected.Match(prefix).Select(Text), actual.Match(prefix).Select(Text));
        foreach (var replica in sessions.Select(expected.State).OfType<SessionState>().SelectMany(s => s.Registers).SelectMany(r => r.Survivors).Select(e => e.Name.Replica).Distinct())
        {
            Assert.Equal(expected.MachineOf(replica), actual.MachineOf(replica));
            Assert.Equal(expected.IsPrivate(replica), actual.IsPrivate(replica));
        }
    }

    private static IEnumerable<string> Prefixes(ISessionSource source)
    {
        yield return "";
        yield return "zz";
        foreach (var record in source.Records().Take(8))
        {
            var uuid = record.Uuid.ToString();
            yield return uuid[..1];
            yield return uuid[..9].ToUpperInvariant();
            yield return uuid;
            foreach (var id in record.FormerIds.Append(record.AgentSessionId).Where(i => i.Length > 0))
            {
                yield return id;
                yield return id[..^1].ToLowerInvariant();
                yield return id[..1];
            }
        }
    }

    public static string Text(SessionRecord? record) => record is null ? "none" : string.Join(
        '|',
        record.Uuid, record.Name, record.AutoRename, record.Summary, record.LastAutoNameTurnCount, string.Join(',', record.Tags), record.Archived, record.Deleted,
        record.Collected, record.Parent, string.Join(',', record.Meta), record.Agent, record.Machine, record.Cwd, record.AgentSessionId, string.Join(',', record.FormerIds),
        record.CreatedAt, record.Kept, record.UpdatedAt, record.OriginSeq, record.Private, string.Join(',', record.Conflicts));

    public static string Text(SessionState? state) => state is null ? "none" : string.Join('\n', state.Registers.Select(Text));

    private static string Text(RegisterState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"{state.Register} = {string.Join(';', state.Survivors.Select(Text))} seen {state.Seen} replaced {string.Join(';', state.Replaced.Select(Text))}");

    private static string Text(Entry entry) => $"{entry.Name} {entry.Hlc} {entry.Value} {entry.Context} {entry.Extra}";
}
