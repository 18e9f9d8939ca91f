using System.CommandLine;
using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sessions.Driving;

namespace Sesh.Commands;

internal sealed class GcVerb : Verb
{
    private const int OldDays = 30;

    private readonly Option<TimeSpan?> _older = Ask.Duration("--older", "tombstones older than this (default: 30d)");

    private readonly Option<bool> _yes = Ask.Flag("--yes", "do it", "-y");

    public override string Name => "gc";

    public override string Summary => "collect old tombstones and compact this machine's documents";

    public override string Description =>
        """
        Shows first what it would do; --yes does it. A deleted session keeps all it was until its tombstone is collected; then only the fact that it is deleted is left, so it can neither be undone nor revived. Compaction loses nothing: of each field the last entry stays, and operations older than 30 days leave the log.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh gc", "what there is to collect"), new("sesh gc --older 1w --yes", "collect what was deleted more than a week ago")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["collected", "tombstones", "bytesBefore", "bytesAfter"];

    protected override void Define(Command command)
    {
        command.Add(_older);
        command.Add(_yes);
    }

    public override int Run(Context context)
    {
        var before = context.Now - (long)(context.Get(_older) ?? TimeSpan.FromDays(OldDays)).TotalMilliseconds;
        var tombstones = Tombstone.Old(context.Snapshot, before);
        var yes = context.Get(_yes);
        if (yes && tombstones.Count > 0)
        {
            context.Store.Collect([.. tombstones.Select(t => t.Uuid)]);
            context.Live.Forget([.. tombstones.Select(t => t.Uuid)]);
            // Of those that were deleted on another machine.
            foreach (var tombstone in tombstones)
                TurnFile.Remove(context.Home, tombstone.Uuid);
        }

        var (from, to) = yes ? context.Store.Compact() : context.Store.CompactionWouldSave();
        Print(context, tombstones, yes, from, to);
        return 0;
    }

    private static void Print(Context context, IReadOnlyList<Tombstone> tombstones, bool done, long from, long to)
    {
        var output = context.Out;
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartObject();
                json.Property("collected"u8, done);
                json.Name("tombstones"u8);
                json.StartArray();
                foreach (var tombstone in tombstones)
                {
                    json.StartObject();
                    json.Property("uuid"u8, tombstone.Uuid);
                    json.Property("name"u8, tombstone.Name);
                    json.Property("agent"u8, tombstone.Agent);
                    json.Property("machine"u8, tombstone.Machine);
                    json.TimeProperty("deletedAt"u8, tombstone.DeletedAt);
                    json.EndObject();
                }

                json.EndArray();
                json.Property("bytesBefore"u8, from);
                json.Property("bytesAfter"u8, to);
                json.EndObject();
            });
            return;
        }

        var table = new Table(new TableColumn("UUID"), new TableColumn("NAME", 20), new TableColumn("AGENT"), new TableColumn("MACHINE"), new TableColumn("DELETED"));
        foreach (var tombstone in tombstones)
            table.Add(tombstone.Uuid.ToString(), tombstone.Name, tombstone.Agent, tombstone.Machine, OperationsView.When(output, tombstone.DeletedAt, context.Time));
        output.Table(table);
        output.Note(string.Create(CultureInfo.InvariantCulture, $"{tombstones.Count} {(tombstones.Count == 1 ? "tombstone" : "tombstones")} {(done ? "collected" : "to collect")}"));
        output.Note(from == to ? "documents: nothing to compact"
            : string.Create(CultureInfo.InvariantCulture, $"documents: {from} bytes, {(done ? "now" : "compacted")} {to}"));
        if (!done && (tombstones.Count > 0 || from != to))
            output.Note("nothing was changed; \"sesh gc --yes\" does it");
    }
}
