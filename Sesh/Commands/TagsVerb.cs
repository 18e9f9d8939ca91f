using System.Globalization;
using Sesh.Output;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class TagsVerb : Verb
{
    public override string Name => "tags";

    public override string Summary => "list the tags in use, with counts on a terminal";

    public override string Description => "Tags of every session that is not deleted, archived ones too, on every machine.";

    public override IReadOnlyList<Example> Examples => [new("sesh tags", "all tags"), new("sesh list --tag \"$(sesh tags | fzf)\"", "choose one, list its sessions")];

    public override MachineMeaning Machine => MachineMeaning.Filters;

    public override IReadOnlyList<string> JsonFields => ["tag", "sessions"];

    public override int Run(Context context)
    {
        var tags = context.MachineOption is { } machine ? Of(context.Snapshot, machine) : context.Snapshot.Tags();
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartArray();
                foreach (var (tag, sessions) in tags)
                {
                    json.StartObject();
                    json.Property("tag"u8, tag);
                    json.Property("sessions"u8, sessions);
                    json.EndObject();
                }

                json.EndArray();
            });
        }
        else if (context.Out.IsTerminal)
        {
            var table = new Table(new("TAG", 12), new TableColumn("SESSIONS", AlignRight: true));
            foreach (var (tag, sessions) in tags)
                table.Add(new(tag, Style.Cyan), sessions.ToString(CultureInfo.InvariantCulture));
            context.Out.Table(table);
        }
        else
        {
            foreach (var (tag, _) in tags)
                context.Out.Line(tag);
        }

        return 0;
    }

    private static List<TagCount> Of(Snapshot snapshot, string machine)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in snapshot.Records())
        {
            if (record.Deleted || record.Machine != machine)
                continue;
            foreach (var tag in record.Tags)
                counts[tag] = counts.GetValueOrDefault(tag) + 1;
        }

        return [.. counts.Select(c => new TagCount(c.Key, c.Value))];
    }
}
