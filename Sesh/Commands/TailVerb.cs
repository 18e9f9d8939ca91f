using System.CommandLine;
using System.Globalization;
using Sesh.Output;
using Sesh.Sessions.Reading;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class TailVerb : Verb
{
    private readonly Argument<string?> _uuid = Ask.Session();

    private readonly Option<int?> _count = Ask.Count("-n", "count", "how many entries, with --raw how many lines (default: 20)");

    private readonly Option<bool> _follow = Ask.Flag("--follow", "go on as it grows, until Ctrl-C", "-f");

    private readonly Option<bool> _raw = Ask.Flag("--raw", "the agent's own lines, byte for byte");

    private readonly Option<bool> _wait = Ask.Wait();

    private readonly Option<bool> _marked = Ask.Hidden(Ask.Flag("--marked", "for a follower on another machine: with -f, say from where to go on after a break"));

    private readonly Option<string> _from = Ask.Hidden(Ask.Text("--from", "mark", "for a follower on another machine: go on from there"));

    public override string Name => "tail";

    public override string Usage => "[<uuid>] [-n <count>] [-f]";

    public override string Summary => "show the end of a session's transcript";

    public override string Description =>
        """
        Readable: role, text, and tool calls in brief. Following goes on through truncation, a replaced file and a new id of the agent's; and, of a session on another machine, through
        lost connections.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh tail 8b7b", "the last 20 entries"), new("sesh tail 8b7b -f", "what it says, as it says it"), new("sesh tail 8b7b --raw -n 1 | jq .", "the last line as the agent wrote it")];

    public override IReadOnlyList<string> JsonFields => ["role", "text", "truncated", "tool", "at"];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_count);
        command.Add(_follow);
        command.Add(_raw);
        command.Add(_wait);
        command.Add(_marked);
        command.Add(_from);
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
        if (!context.IsOwn(record))
            return Elsewhere(context, record, count, raw, follow);
        if (context.Get(_marked) && follow)
            return new TailFollowing(context, record, raw, new MarkingStream(context.Surroundings.Output)).Run(count, context.Get(_from));
        if (follow)
            return new TailFollowing(context, record, raw, null).Run(count, null);
        var (agent, path) = context.Transcript(record);
        using var open = OpenTranscript.Open(path, agent, record.Uuid.ToString());
        if (raw)
            open.CopyLast(count, context.Out.Raw);
        else
            EntriesView.Print(context.Out, open.Last(count));
        open.Finish();
        return 0;
    }

    private int Elsewhere(Context context, SessionRecord record, int count, bool raw, bool follow)
    {
        var owner = Owner.Of(context, record, context.Get(_wait));
        List<string> words = [record.Uuid.ToString(), "-n", count.ToString(CultureInfo.InvariantCulture)];
        if (raw)
            words.Add("--raw");
        return follow ? owner.Follow(Name, [.. words, "--follow"]) : owner.Ask(Name, words);
    }
}
