using System.CommandLine;
using System.Text;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class SendVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly MessageWords _message = new();

    private readonly Option<bool> _noWait = Ask.Flag("--no-wait", "return when the agent has taken the message up");

    private readonly Option<TimeSpan?> _timeout = Ask.Duration("--timeout", "give up waiting after this long; the turn goes on");

    private readonly Option<bool> _force = Ask.Flag("--force", "delete what somebody has typed into the input box and not sent; send also where it cannot be told whether the session is live, and where it is live twice or on a machine that does not own it");

    public override string Name => "send";

    public override bool TakesText => true;

    public override string Usage =>
        """
        <uuid> <message>
        <uuid> - | --file <file>
        """;

    public override string Summary => "say something to a session's agent and print its answer";

    public override string Description =>
        """
        Prints all that the agent says in the turn that the message begins. Live in a tmux pane, the message is typed there as soon as the agent is idle and its input box empty; a dialog or a question that stands in the way is named, and nothing is typed into it. Detached, the agent is run for one turn in the recorded folder, by a process that outlives this one. Live without a pane it is refused, or queued where the agent has a door for that (codex). Several senders are served in the order in which they came.

        What somebody has typed into the input box and not sent is never sent along: after three seconds send fails and shows it; --force deletes it.

        A message that begins with / is a command to a live agent, as if typed. Where no turn follows it is noted, and the exit status is 0; where a dialog opens, 6. To claude and codex put a blank in front to send it as text, to pi a word. Control characters other than newline and tab are refused.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh send 3f2a \"run the tests\"", "and wait for the answer"),
        new("git diff | sesh send 3f2a -", "from standard input"),
        new("sesh send 3f2a --no-wait \"go on\"; sesh await 3f2a", "the same in two steps"),
        new("sesh send 3f2a -- \"-v means verbose\"", "a message that begins with a dash"),
    ];

    public override IReadOnlyList<string> JsonFields => OutcomeView.Fields;

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        _message.AddTo(command);
        foreach (var option in (Option[])[_noWait, _timeout, _force])
            command.Add(option);
    }

    public override int Run(Context context)
    {
        var selector = context.Selector(context.Get(_uuid)!);
        var message = _message.Read(context);
        var record = context.Session(selector);
        if (!context.IsOwn(record))
            return AskOwner(context, record, message);
        var sending = context.Sending;
        using var limit = new TimeLimit(context.Get(_timeout), context.Cancel);
        try
        {
            var outcome = sending.Run(
                record, new SendRequest(message, !context.Get(_noWait), context.Get(_force), context.Binary), context.Out.Note, limit.Token);
            return OutcomeView.Print(context.Out, record.Uuid, outcome);
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            throw sending.IsDelivered
                ? new SeshException("timeout", "no answer yet; the turn goes on", $"wait for it with \"sesh await {record.Uuid}\"", TimeLimit.ExitCode)
                : new SeshException("timeout", "the agent was not ready in time; nothing was sent", $"\"sesh state {record.Uuid}\" tells what it is at", TimeLimit.ExitCode);
        }
    }

    /// <summary>Of its machine. The message goes as standard input: it may be megabytes.</summary>
    private int AskOwner(Context context, SessionRecord record, string message)
    {
        List<string> words = [record.Uuid.ToString(), "-"];
        if (context.Get(_noWait))
            words.Add("--no-wait");
        if (context.Get(_force))
            words.Add("--force");
        if (context.Get(_timeout) is { } limit)
            words.Add($"--timeout={TimeLimit.Text(limit)}");
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(message));
        try
        {
            return Owner.Of(context, record, wait: false).Ask(Name, words, input);
        }
        catch (SeshException e) when (e.Code == "link-lost")
        {
            throw new SeshException(
                e.Code, $"{e.Message}; what the agent has been told it answers all the same", $"see \"sesh tail {record.Uuid}\" before it is sent again, wait with \"sesh await {record.Uuid}\"", inner: e);
        }
    }
}
