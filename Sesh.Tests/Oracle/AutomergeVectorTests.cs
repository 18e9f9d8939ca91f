using System.Text.Json;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>
/// 400 random scripts and what Automerge made of them. This adapter holds what differs on purpose: a replica's name is its UTF-8 bytes padded with zeros (so
/// that a prefix sorts first, as there); a deleted key is an absent value; the wall clock stands at 0, so that the hybrid clock counts as
/// Automerge's does; what is compared are survivors, for equal values in conflict are not shown as one by the record.
/// </summary>
public sealed class AutomergeVectorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_vector_gives_what_automerge_gave(bool isCompactedAtAnyTime)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "Sesh.Tests", "Oracle", "vectors-plain.jsonl"));
        Assert.Equal(400, lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            using var vector = JsonDocument.Parse(lines[i]);
            var expected = vector.RootElement.GetProperty("expect");
            var run = new Run(vector.RootElement.GetProperty("script"), isCompactedAtAnyTime ? new Random(i) : null);
            foreach (var replica in expected.GetProperty("replicas").EnumerateObject())
                Assert.Equal($"{i} {replica.Name} {Canonical(replica.Value)}", $"{i} {replica.Name} {run.Result(replica.Name)}");
            Assert.Equal($"{i} {expected.GetProperty("converged").GetBoolean()}", $"{i} {run.IsConverged}");
        }
    }

    private static string Canonical(JsonElement replica)
    {
        var conflicts = replica.GetProperty("conflicts").EnumerateObject()
            .ToDictionary(c => c.Name, c => string.Join(' ', c.Value.EnumerateArray().Select(v => $"{v[0].GetString()}={v[1]}")));
        var state = replica.GetProperty("state").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.ToString());
        return Text(state, conflicts, replica.GetProperty("maxOp").GetUInt64());
    }

    private static string Text(IReadOnlyDictionary<string, string> state, IReadOnlyDictionary<string, string> conflicts, ulong highest) =>
        string.Join(", ", state.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"))
        + " | " + string.Join(", ", conflicts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}: {c.Value}")) + $" | {highest}";

    private sealed class Run
    {
        private readonly World _world = new() { Now = 0 };
        private readonly Dictionary<string, Machine> _machines = [];
        private readonly Dictionary<ReplicaId, string> _names = [];

        public Run(JsonElement script, Random? compactions)
        {
            var origin = new Machine(_world, "", World.IdOf(""));
            _names[origin.Own.Replica] = "";
            if (script.TryGetProperty("base", out var first))
            {
                foreach (var operation in first.EnumerateArray())
                    Write(origin, operation);
            }

            foreach (var name in script.GetProperty("replicas").EnumerateArray().Select(r => r.GetString()!))
            {
                _machines[name] = _world.Add(name);
                _names[World.IdOf(name)] = name;
                _machines[name].Receive(origin.Own);
            }

            foreach (var operation in script.GetProperty("ops").EnumerateArray())
            {
                Apply(operation);
                if (compactions?.NextDouble() < 0.3)
                    CompactAny(compactions);
            }
        }

        public bool IsConverged => _machines.Values.Select(m => string.Join('\n', State(m), Conflicts(m))).Distinct().Count() == 1;

        public string Result(string replica)
        {
            var machine = _machines[replica];
            return Text(ByKey(machine, e => e[^1].Value.ToString()), ConflictsByKey(machine), machine.Set.Highest(0).Bits);
        }

        private static string Key(JsonElement operation) => operation.GetProperty("op").GetString()!.StartsWith("tag", StringComparison.Ordinal)
            ? $"{(operation.TryGetProperty("key", out var key) ? key.GetString() : "tags")}/{operation.GetProperty("tag").GetString()}"
            : operation.GetProperty("key").GetString()!;

        private static Value ValueOf(JsonElement operation) => operation.GetProperty("op").GetString() switch
        {
            "tagAdd" => Value.True,
            "set" => Value.Of(operation.GetProperty("value").GetString()),
            _ => Value.Absent,
        };

        private static IEnumerable<JsonElement> Flat(JsonElement operation) =>
            operation.GetProperty("op").GetString() == "batch" ? operation.GetProperty("ops").EnumerateArray().SelectMany(Flat) : [operation];

        private static void Write(Machine machine, JsonElement operation) =>
            machine.Write(Flat(operation).Select(o => (new Register(World.Session, Field.Meta, Key(o)), ValueOf(o))));

        private static string State(Machine machine) => string.Join(' ', ByKey(machine, e => e[^1].Value.ToString()));

        private static Dictionary<string, string> ByKey(Machine machine, Func<Entry[], string?> text) =>
            (machine.Set.State(World.Session)?.Registers ?? [])
            .Select(r => (Key: r.Register.Key!, Text: r.Survivors.Where(e => !e.Value.IsAbsent).ToArray() is { Length: > 0 } shown ? text(shown) : null))
            .Where(r => r.Text is not null).ToDictionary(r => r.Key, r => r.Text!);

        private string Conflicts(Machine machine) => string.Join(' ', ConflictsByKey(machine));

        private Dictionary<string, string> ConflictsByKey(Machine machine) => ByKey(machine, e => e.Length < 2
                ? null
                : string.Join(' ', e.Select(x => $"{x.Hlc.Bits}@{_names[x.Name.Replica]}={x.Value}")))
            .ToDictionary(c => c.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), c => c.Value);

        private void Apply(JsonElement operation)
        {
            switch (operation.GetProperty("op").GetString())
            {
                case "sync":
                    Sync(operation.GetProperty("from").GetString()!, operation.GetProperty("to").GetString()!);
                    break;
                case "exchange":
                    Sync(operation.GetProperty("a").GetString()!, operation.GetProperty("b").GetString()!);
                    Sync(operation.GetProperty("b").GetString()!, operation.GetProperty("a").GetString()!);
                    break;
                case "syncAll":
                    var head = _machines.Keys.First();
                    foreach (var name in _machines.Keys.Skip(1))
                        Sync(name, head);
                    foreach (var name in _machines.Keys.Skip(1))
                        Sync(head, name);
                    break;
                default:
                    Write(_machines[operation.GetProperty("at").GetString()!], operation);
                    break;
            }
        }

        private void Sync(string from, string to)
        {
            if (from != to)
                _machines[from].Send(_machines[to]);
        }

        private void CompactAny(Random random)
        {
            var machine = _machines.Values.ElementAt(random.Next(_machines.Count));
            if (machine.Own.Frames is { IsEmpty: false } frames)
                machine.Compact(frames[random.Next(frames.Length)].End, random.Next(2) == 0 ? machine.Own.AgedTo : machine.Own.CompactedTo);
        }
    }
}
