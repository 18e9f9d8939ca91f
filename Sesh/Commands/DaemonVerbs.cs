using System.Globalization;
using Sesh.Sessions;

namespace Sesh.Commands;

/// <summary>Starting and stopping the daemon: each prints which process it is now, if any.</summary>
internal abstract class DaemonVerb : Verb
{
    public override MachineMeaning Machine => MachineMeaning.Refused;

    protected static DaemonControl Control(Context context) => new(context.Home, context.DaemonSocket, context.Time);

    protected static void Start(Context context)
    {
        // Before anything is started: what is wrong with the settings is told here, not in a log.
        _ = context.MachineOrFail;
        _ = context.Configuration;
        _ = context.Peers;
        context.Out.Confirm(string.Create(CultureInfo.InvariantCulture, $"the daemon runs as process {Control(context).Start()}"));
    }
}

internal sealed class DaemonStartVerb : DaemonVerb
{
    public override string Name => "daemon start";

    public override string Summary => "start the daemon in the background: news travels at once, links stay open";

    public override string Description =>
        """
        Nothing needs the daemon: it makes things quicker. It keeps a link to every peer, tells them at once what changes here, looks at the agents of this machine, and lends its links to commands. One runs for each home; a second one refuses to start.

        It outlives the terminal. To have it run always, let a supervisor start it: dist/ in the source has a unit for systemd (sesh-daemon.service, for systemctl --user) and a job for launchd (sesh-daemon.plist); both run "sesh daemon run".
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh daemon start", "start it"), new("sesh daemon ensure", "start it where it does not run yet")];

    public override int Run(Context context)
    {
        Start(context);
        return 0;
    }
}

internal sealed class DaemonEnsureVerb : DaemonVerb
{
    public override string Name => "daemon ensure";

    public override string Summary => "start the daemon where it does not run yet";

    public override IReadOnlyList<Example> Examples => [new("sesh daemon ensure -q", "for a shell's start-up file")];

    public override int Run(Context context)
    {
        if (Running(context) is { } pid)
        {
            context.Out.Confirm(string.Create(CultureInfo.InvariantCulture, $"the daemon runs as process {pid} already"));
            return 0;
        }

        try
        {
            Start(context);
        }
        catch (Sync.SeshException e) when (e.Code == "daemon-failed" && Control(context).Process is not null)
        {
            // Somebody else ensured it at the same moment.
            context.Out.Confirm("the daemon runs");
        }

        return 0;
    }

    private static int? Running(Context context)
    {
        var control = Control(context);
        try
        {
            return control.AskAsync(context.OpenDaemonAsync, daemon => daemon.StatusAsync(context.Cancel), context.Cancel).GetAwaiter().GetResult()?.Process;
        }
        catch (Sync.SeshException e) when (e.Code is not "daemon-deaf" && control.Process is { } pid)
        {
            // One of another version, or that is stopped or at work: it runs.
            return pid;
        }
    }
}

internal sealed class DaemonStopVerb : DaemonVerb
{
    public override string Name => "daemon stop";

    public override string Summary => "stop the daemon, and wait until it has ended";

    public override IReadOnlyList<Example> Examples => [new("sesh daemon stop", "stop it")];

    public override int Run(Context context)
    {
        context.Out.Confirm(Control(context).Stop(context.Cancel) ? "the daemon has ended" : "no daemon runs");
        return 0;
    }
}

internal sealed class DaemonRestartVerb : DaemonVerb
{
    public override string Name => "daemon restart";

    public override string Summary => "stop the daemon where it runs, and start it";

    public override IReadOnlyList<Example> Examples => [new("sesh daemon restart", "after sesh was upgraded")];

    public override int Run(Context context)
    {
        Control(context).Stop(context.Cancel);
        Start(context);
        return 0;
    }
}
