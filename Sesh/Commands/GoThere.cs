using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

/// <summary>What <c>resume</c> does with a session, and <c>pick --enter</c>: its last act, where this terminal is to show a pane, is to become another program.</summary>
internal sealed record GoThere
{
    private const string Resume = "resume";

    public string? Target { get; init; }

    public bool Fork { get; init; }

    public string? Cwd { get; init; }

    public bool Force { get; init; }

    /// <summary>Names of the options that were given.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The options as they were given, for the owner.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public int Run(Context context, SessionRecord record)
    {
        if (!context.IsOwn(record))
            return Elsewhere(context, record);
        var going = new Going(context.Tmux, () => HasTerminal(context));
        var resuming = new Resuming(
            context.Store, context.Live, context.MachineOrFail, context.Agents, context.Walk, context.Launcher, going, context.Tmux, context.IsPrivate, context.Time);
        var resumed = resuming.Run(
            record,
            new ResumeRequest(context.Binary, Target, Fork, Cwd, context.Surroundings.WorkingDirectory(), Force, Options),
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

    private static bool HasTerminal(Context context) => context.Surroundings is { InputIsTerminal: true, OutputIsTerminal: true };

    /// <summary>The same there: by ssh with this terminal, over a link where ssh itself cannot go; without a terminal where only a window is to be opened.</summary>
    private int Elsewhere(Context context, SessionRecord record)
    {
        var owner = Owner.Of(context, record, wait: false);
        if (!HasTerminal(context))
        {
            return Target is not null ? owner.Ask(Resume, [record.Uuid.ToString(), .. Words])
                : throw new SeshException("no-terminal", "going to a session needs a terminal", "run this in a terminal, or give --target to open a window there");
        }

        if (context.Tmux.OwnSocket is not null)
            context.Out.Note(Going.Nested);
        var ssh = Programs.Find("ssh", context.Variable("PATH"));
        if (ssh is null || context.Peers.FirstOrDefault(p => p.Name.Text == record.Machine) is not { Destination: not null } peer)
            return owner.ResumeOnTerminal(record, Words);
        var arguments = Transport.OnTerminalAsync(peer, context.TransportOptions, [Resume, record.Uuid.ToString(), .. Words], context.Cancel).GetAwaiter().GetResult();
        context.Out.Flush();
        Exec.Replace(ssh, arguments, ProcessEnvironment.Own());
        throw new SeshException("exec", $"could not run {ssh}");
    }
}
