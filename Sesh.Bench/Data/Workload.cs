using Sesh.Sync.Documents;

namespace Sesh.Bench.Data;

/// <summary>
/// Sessions of five machines, then edits of their labels in epochs; after each the machines exchange in two groups, after every fifth all of
/// them. Seeded: the same on every run.
/// </summary>
internal sealed class Workload
{
    private const int Epochs = 20;
    private const long Begin = 1_750_000_000_000; // June 2025: long enough ago for history to have aged out

    private static readonly string[] Words =
        ("fix auth refactor sync cache parser index tmux agent login retry budget lease vector graph shell merge queue store schema token stream " +
        "render layout widget deploy rollback metric trace panic flaky test docs bench loader crdt session title prompt review hook socket daemon " +
        "window pane config secret backup restore import export audit limit quota proxy header cookie route").Split(' ');

    private static readonly string[] Projects = "atlas harbor lumen quartz nimbus falcon ember cobalt tundra delta onyx sesh".Split(' ');
    private static readonly string[] Tags = "wip urgent review blocked later infra docs spike keep demo client-a client-b".Split(' ');
    private static readonly string[] Agents = ["claude", "codex", "pi"];

    public Workload(int sessions, int editsPerSession)
    {
        var random = new SeededRandom(1);
        Sessions = [.. Enumerable.Range(0, sessions).Select(i => Birth(random, i))];
        EditsPerSession = editsPerSession;
    }

    public static IReadOnlyList<string> Machines { get; } = ["m0", "m1", "m2", "m3", "m4"];

    public IReadOnlyList<Session> Sessions { get; }

    public int EditsPerSession { get; }

    /// <summary>Epochs of edits, each with the groups that exchange after it.</summary>
    public IEnumerable<(IReadOnlyList<Edit> Edits, IReadOnlyList<int[]> Groups)> Play()
    {
        var random = new SeededRandom(2);
        var total = Sessions.Count * EditsPerSession;
        var length = (total + Epochs - 1) / Epochs;
        for (int epoch = 0, done = 0; epoch < Epochs && done < total; epoch++)
        {
            var edits = new List<Edit>(length);
            for (; edits.Count < length && done < total; done++)
                edits.Add(NextEdit(random, Begin + 1_000_000_000 + done * 5000L));
            var order = Enumerable.Range(0, Machines.Count).Select(m => (m, Key: random.Next())).OrderBy(o => o.Key).Select(o => o.m).ToArray();
            var cut = epoch % 5 == 4 ? order.Length : 1 + random.Below(order.Length - 1);
            yield return (edits, [.. new[] { order[..cut], order[cut..] }.Where(g => g.Length > 1)]);
        }
    }

    private static string Phrase(SeededRandom random, int words, char between) =>
        string.Join(between, Enumerable.Range(0, words).Select(_ => random.Pick(Words)));

    private static Session Birth(SeededRandom random, int number)
    {
        var uuid = SessionId.Parse(Hex(random, 8) + "-" + Hex(random, 4) + "-4" + Hex(random, 3) + "-" + "89ab"[random.Below(4)] + Hex(random, 3) + "-" + Hex(random, 12));
        var machine = random.Below(Machines.Count);
        var cwd = $"/home/u/src/{random.Pick(Projects)}/{random.Pick(Words)}";
        return new Session(
            uuid, Phrase(random, 3, '-'), random.Pick(Agents), machine, cwd,
            random.Next() < 0.6 ? Phrase(random, 6 + random.Below(12), ' ') : null,
            random.Next() < 0.8, random.Below(40), Begin + number * 6000L + random.Below(6000),
            [.. Enumerable.Range(0, random.Below(4)).Select(_ => random.Pick(Tags)).Distinct()]);
    }

    private static string Hex(SeededRandom random, int digits) => string.Concat(Enumerable.Range(0, digits).Select(_ => "0123456789abcdef"[random.Below(16)]));

    private Edit NextEdit(SeededRandom random, long wall)
    {
        var index = random.Below(Sessions.Count);
        var session = Sessions[index];
        var at = random.Next() < 0.7 ? session.Machine : random.Below(Machines.Count);
        Edit Of(string verb, params IReadOnlyList<(Field, string?, Value)> sets) => new(index, at, verb, wall, sets);
        return random.Next() switch
        {
            < 0.35 => Of("autoname", (Field.Name, null, Value.Of(Phrase(random, 3, '-'))), (Field.LastAutoNameTurnCount, null, Value.Of((long)random.Below(80)))),
            < 0.55 => Of("rename", (Field.Name, null, Value.Of(Phrase(random, 3, '-'))), (Field.AutoRename, null, Value.False)),
            < 0.70 => Of("tag", (Field.Tag, random.Pick(Tags), Value.True)),
            < 0.80 => Of("untag", (Field.Tag, session.Tags.Count > 0 ? random.Pick(session.Tags) : random.Pick(Tags), Value.Absent)),
            < 0.90 => random.Next() < 0.7 ? Of("archive", (Field.Archived, null, Value.True)) : Of("unarchive", (Field.Archived, null, Value.False)),
            _ => Of("autoname", (Field.Summary, null, Value.Of(Phrase(random, 6 + random.Below(12), ' ')))),
        };
    }
}
