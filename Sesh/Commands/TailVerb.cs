using System.CommandLine;
using Sesh.Agents;
using Sesh.Sessions.Reading;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class TailVerb : Verb
{
    /// <summary>Between two looks at a followed transcript: quick to the eye, nothing to the machine.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Every how many looks the agent's id is asked for again: it drifts at compaction and <c>/clear</c>.</summary>
    private const int LooksPerLocate = 5;

    private readonly Argument<string?> _uuid = Ask.Session();

    private readonly Option<int?> _count = Ask.Count("-n", "count", "how many entries, with --raw how many lines (default: 20)");

    private readonly Option<bool> _follow = Ask.Flag("--follow", "go on as it grows, until Ctrl-C", "-f");

    private readonly Option<bool> _raw = Ask.Flag("--raw", "the agent's own lines, byte for byte");

    public override string Name => "tail";

    public override string Usage => "[<uuid>] [-n <count>] [-f]";

    public override string Summary => "show the end of a session's transcript";

    public override string Description =>
        """
        Readable: role, text, and tool calls in brief. Following goes on through truncation, a replaced file and a new id of the agent's.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh tail 8b7b", "the last 20 entries"), new("sesh tail 8b7b -f", "what it says, as it says it"), new("sesh tail 8b7b --raw -n 1 | jq .", "the last line as the agent wrote it")];

    public override IReadOnlyList<string> JsonFields => ["role", "text", "tool", "at"];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_count);
        command.Add(_follow);
        command.Add(_raw);
    }

    public override int Run(Context context)
    {
        var count = context.Get(_count) ?? 20;
        var (raw, follow) = (context.Get(_raw), context.Get(_follow));
        if (raw && context.Out.Json)
            throw new UsageException("--raw and --json do not go together");
        if (follow && context.Out.Json)
            throw new UsageException("-f and --json do not go together", "--raw -f gives the agent's own JSON, a line each");
        var record = context.Session(context.Get(_uuid));
        var (agent, path) = context.Transcript(record);
        using var open = OpenTranscript.Open(path, agent, wholeLines: follow);
        if (raw)
            open.CopyLast(count, context.Out.Raw);
        else
            EntriesView.Print(context.Out, open.Last(count));

        open.Finish();
        if (follow)
            Follow(context, record, agent, open, raw);
        return 0;
    }

    /// <summary>Ends by cancellation alone.</summary>
    private static void Follow(Context context, SessionRecord record, IAgent agent, OpenTranscript shown, bool raw)
    {
        var cancel = context.Cancel;
        var (path, looks) = (shown.Path, 0);
        using var following = new Following(() =>
        {
            if (++looks % LooksPerLocate == 0)
                path = context.TranscriptNow(agent, record) ?? path;
            return path;
        });
        following.StartBehind(shown);
        context.Out.Flush();
        while (true)
        {
            if (following.Look() is { } part)
            {
                if (part.Note.Length > 0)
                    context.Out.Note($"the transcript {part.Note}");
                if (raw)
                    part.Raw.CopyTo(context.Out.Raw);
                else
                    EntriesView.Print(context.Out, agent.Entries(part.Raw));

                context.Out.Flush();
            }

            cancel.WaitHandle.WaitOne(Pause);
            cancel.ThrowIfCancellationRequested();
        }
    }
}
