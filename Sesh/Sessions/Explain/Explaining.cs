using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Explain;

/// <summary>Says for every state and field of a session who says so, from what, when, by which clock, and what overrides it. Pure.</summary>
internal static class Explaining
{
    /// <summary>Evidence in the order in which it is believed.</summary>
    private static readonly string[] Precedence = ["reporter", "status file", "lock", "transcript", "title", "screen", "argv", "stamp", "process"];

    /// <param name="observed">The owner's live row; null where nobody has looked yet.</param>
    public static IReadOnlyList<Statement> Of(SessionRecord record, SessionState? state, HeldRow? observed, Func<ReplicaId, string> machineOf) =>
        [.. Observed(record, observed), .. Recorded(record, state, machineOf)];

    private static IEnumerable<Statement> Recorded(SessionRecord record, SessionState? state, Func<ReplicaId, string> machineOf)
    {
        if (state is null)
            yield break;
        var ignored = Fold.Ignored(state, machineOf).Select(e => e.Name).ToHashSet();
        foreach (var register in state.Registers)
        {
            var name = FieldNames.Of(register.Register);
            var identity = register.Register.Field.IsIdentity();
            // Of identity, what strangers wrote is held and told, but never believed; and what they replaced may still count.
            var held = register.Survivors.Concat(register.Replaced.Where(e => ignored.Contains(e.Name))).ToList();
            var believed = register.Survivors.Where(e => !ignored.Contains(e.Name)).ToList();
            var shown = believed.LastOrDefault(e => !e.Value.IsAbsent) ?? believed.LastOrDefault();
            foreach (var entry in held.OrderByDescending(e => ReferenceEquals(e, shown)).ThenByDescending(e => e.Hlc))
            {
                var by = machineOf(entry.Name.Replica);
                var shows = ReferenceEquals(entry, shown);
                var overridden = shows ? (identity ? $"a later entry of {record.Machine}, the owner" : "any later entry, by any machine that has seen this one")
                    : ignored.Contains(entry.Name) ? $"{by} is not the owner: not believed"
                    : entry.Value.IsAbsent ? "a concurrent value: absent never wins"
                    : entry.Value == shown?.Value ? "an equal value beside it"
                    : $"the value of {machineOf(shown!.Name.Replica)}, written without having seen this one: the later clock shows";
                yield return new Statement(name, FieldNames.Text(register.Register.Field, entry.Value), shows, by, $"entry {entry.Name}", entry.Hlc.Milliseconds, ClockOf(by), overridden);
            }
        }
    }

    private static IEnumerable<Statement> Observed(SessionRecord record, HeldRow? held)
    {
        if (held is null)
        {
            var why = record.Machine.Length == 0 ? "nobody has looked" : $"nothing heard from {record.Machine}";
            yield return new Statement("live", "unknown", true, "", why, 0, "", $"a look by {record.Machine}");
            yield return new Statement("turnStatus", "unknown", true, "", why, 0, "", $"a look by {record.Machine}");
            yield break;
        }

        var row = held.Row;
        var facts = new (string Name, string Value)[]
        {
            ("live", row.Live ? "true" : "false"),
            ("turnStatus", row.TurnStatus.ToString().ToLowerInvariant()),
            ("pendingQuestion", row.PendingQuestion),
            ("tmux", row.Tmux is { } place ? $"{place.Socket} {place.Session}:{place.Window} {place.Pane}" : ""),
            ("pid", row.Pid > 0 ? FormattableString.Invariant($"{row.Pid}") : ""),
            ("contextPct", row.ContextPct is { } pct ? FormattableString.Invariant($"{pct}") : ""),
            ("model", row.Model),
            ("filePath", row.FilePath),
            ("lastActivity", row.LastActivity > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(row.LastActivity).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null) : ""),
        };
        var next = $"a newer look by {held.Machine}; this one is {held.AgeMs / 1000} s old";
        foreach (var (name, value) in facts)
        {
            var said = row.Evidence.Where(e => e.Fact == name).OrderBy(e => e.Value == value ? 0 : 1).ThenBy(Rank).ToList();
            if (said.Count == 0 && value.Length > 0)
                yield return new Statement(name, value, true, held.Machine, Default(name, row), row.ObservedAt, ClockOf(held.Machine), next);
            var first = true;
            foreach (var evidence in said)
            {
                var shows = first && evidence.Value == value;
                yield return new Statement(name, evidence.Value, shows, held.Machine, $"{evidence.Source} {evidence.Detail}".TrimEnd(),
                    evidence.At > 0 ? evidence.At : row.ObservedAt, ClockOf(held.Machine), shows ? next : evidence.Value == value ? "says the same" : "better evidence above");
                first = false;
            }
        }

        foreach (var evidence in row.Evidence.Where(e => !Array.Exists(facts, f => f.Name == e.Fact)))
        {
            yield return new Statement(evidence.Fact, evidence.Value, true, held.Machine, $"{evidence.Source} {evidence.Detail}".TrimEnd(),
                evidence.At > 0 ? evidence.At : row.ObservedAt, ClockOf(held.Machine), next);
        }
    }

    private static int Rank(Evidence evidence) => Array.IndexOf(Precedence, evidence.Source) is >= 0 and var rank ? rank : Precedence.Length;

    /// <summary>What a fact rests on where no evidence of its own came with the row.</summary>
    private static string Default(string fact, LiveRow row) => fact switch
    {
        "live" or "turnStatus" when !row.Live => "process table: no agent holds it",
        "contextPct" or "model" or "lastActivity" => row.FilePath.Length > 0 ? $"transcript {row.FilePath}" : "transcript",
        "filePath" => "the agent's own folders",
        "tmux" or "pid" => "process table and tmux",
        _ => "look",
    };

    private static string ClockOf(string machine) => machine.Length == 0 ? "" : $"{machine}'s";
}
