using System.CommandLine;
using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class ResumeVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<string> _target = Ask.Text("--target", "socket:session", "detached: the tmux session to open a window in, made if absent");

    private readonly Option<bool> _fork = Ask.Flag("--fork", "go on in a new session that begins with this one's history");

    private readonly Option<string> _cwd = Ask.Text("--cwd", "dir", "work there instead of in the recorded cwd");

    private readonly Option<bool> _force = Ask.Flag("--force", "also where it cannot be told whether the session is live");

    public override string Name => "resume";

    public override string Usage => "<uuid>";

    public override string Summary => "go to a session: to its pane where it is live, else by resuming it in a new window";

    public override string Description =>
        """
        Inside tmux the client is switched, outside it is attached. A live session is never resumed a second time: live without a pane it is refused, and said where it lives.
        A session of another machine is gone to there, by ssh on this terminal.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh resume 8b7b", "go there"), new("sesh resume 8b7b --target default:work", "in the tmux session \"work\""), new("sesh resume 8b7b --fork", "a second line from the same history")];

    protected override void Define(Command command)
    {
        foreach (var option in (Option[])[_target, _fork, _cwd, _force])
            command.Add(option);
        command.Add(_uuid);
    }

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid)!);
        if (!context.IsOwn(record))
            return Elsewhere(context, record);
        var going = new Going(context.Tmux, () => context.Surroundings is { InputIsTerminal: true, OutputIsTerminal: true });
        var resuming = new Resuming(
            context.Store, context.Live, context.MachineOrFail, context.Agents, context.Walk, context.Launcher, going, context.Tmux, context.Time);
        var resumed = resuming.Run(
            record,
            new ResumeRequest(
                context.Binary, context.Get(_target), context.Get(_fork), context.IsGiven(_cwd) ? context.Get(_cwd) : null, context.Surroundings.WorkingDirectory(),
                context.Get(_force), context.GivenOptions()),
            context.Out.Note,
            context.Cancel);
        if (resumed.Started && resumed.Session != record.Uuid)
            context.Out.Note($"forked as {resumed.Session}");
        if (resumed.Attach is not { } attach)
        {
            context.Out.Remark($"in pane {resumed.Place.Pane} of {resumed.Place.Socket}");
            return 0;
        }

        if (attach.Note.Length > 0)
            context.Out.Note(attach.Note);
        context.Out.Flush();
        attach.Become();
        throw new SeshException("exec", $"could not run {attach.Program}");
    }

    /// <summary>The same there: by ssh with this terminal; without one where only a window is to be opened.</summary>
    private int Elsewhere(Context context, SessionRecord record)
    {
        var owner = Owner.Of(context, record, wait: false);
        List<string> words = [record.Uuid.ToString(), .. context.GivenOptionWords()];
        if (context.Surroundings is not { InputIsTerminal: true, OutputIsTerminal: true })
        {
            return context.Get(_target) is not null ? owner.Ask(Name, words)
                : throw new SeshException("no-terminal", "going to a session needs a terminal", "run this in a terminal, or give --target to open a window there");
        }

        if (context.Peers.FirstOrDefault(p => p.Name.Text == record.Machine) is not { Destination: not null } peer)
        {
            throw new SeshException(
                "no-terminal", $"session {record.Uuid} lives on {record.Machine}, of which this machine has no address: ssh cannot bring a terminal there",
                $"run \"sesh resume {record.Uuid}\" on {record.Machine}, or give it an address: sesh peer add {record.Machine} user@host");
        }

        var program = Programs.Find("ssh", context.Variable("PATH")) ?? throw new SeshException("no-ssh", "ssh is not on PATH", "install OpenSSH's client");
        var arguments = Transport.OnTerminalAsync(peer, context.TransportOptions, [Name, .. words], context.Cancel).GetAwaiter().GetResult();
        if (context.Tmux.OwnSocket is not null)
            context.Out.Note(Going.Nested);
        context.Out.Flush();
        Exec.Replace(program, arguments, ProcessEnvironment.Own());
        throw new SeshException("exec", $"could not run {program}");
    }
}
