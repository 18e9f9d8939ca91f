using System.CommandLine;
using Sesh.Sessions.Reading;

namespace Sesh.Commands;

internal sealed class TranscriptVerb : Verb
{
    private readonly Argument<string?> _uuid = Ask.Session();

    private readonly Option<string> _format = Ask.OneOf("--format", ["md", "json"], "Markdown, or a JSON array of entries");

    private readonly Option<bool> _raw = Ask.Flag("--raw", "the agent's own file, byte for byte");

    private readonly Option<bool> _wait = Ask.Wait();

    public override string Name => "transcript";

    public override string Usage => "[<uuid>]";

    public override string Summary => "show all of a session's transcript";

    public override IReadOnlyList<Example> Examples => [new("sesh transcript 8b7b --format md > talk.md", "for reading elsewhere"), new("sesh transcript 8b7b --raw > copy.jsonl", "the file itself")];

    public override IReadOnlyList<string> JsonFields => ["role", "text", "truncated", "tool", "at"];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_format);
        command.Add(_raw);
        command.Add(_wait);
    }

    public override int Run(Context context)
    {
        var format = context.Get(_format);
        var raw = context.Get(_raw);
        if (raw && (format is not null || context.Out.Json))
            throw new UsageException("--raw is the file as it is: it takes no other format");
        var record = context.Session(context.Get(_uuid));
        if (!context.IsOwn(record))
            return Owner.Of(context, record, context.Get(_wait)).Ask(Name, [record.Uuid.ToString(), .. format is null ? [] : (string[])["--format", format], .. raw ? (string[])["--raw"] : []]);
        var (agent, path) = context.Transcript(record);
        using var open = OpenTranscript.Open(path, agent, record.Uuid.ToString());
        if (raw)
        {
            open.CopyAll(context.Out.Raw);
        }
        else if (format == "json")
        {
            EntriesView.Json(context.Out, open.All());
        }
        else if (format == "md")
        {
            foreach (var entry in open.All())
                context.Out.Text(EntryText.Markdown(EntriesView.Fitting(context.Out, entry, out _)) + "\n");
        }
        else
        {
            EntriesView.Print(context.Out, open.All());
        }

        open.Finish();
        return 0;
    }
}
