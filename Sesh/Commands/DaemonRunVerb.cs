using System.CommandLine;
using Sesh.Config;
using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sessions.Hooks;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Store;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class DaemonRunVerb : Verb
{
    private readonly Option<bool> _background = new("--background") { Description = "as \"daemon start\" runs it", Hidden = true };

    public override string Name => "daemon run";

    public override string Summary => "be the daemon, in the foreground, for a supervisor";

    public override string Description =>
        """
        Runs until it gets SIGTERM, SIGINT or SIGHUP; says goodbye to its peers then. What happens is in daemon.log in the home. Its settings are those of config.toml and peers.json, whose changes it notices; of its environment it takes SESH_HOME, SESH_MACHINE, PATH and what the agents and tmux read.

        For systemd: dist/sesh-daemon.service. For launchd: dist/sesh-daemon.plist.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh daemon run", "until Ctrl-C")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    protected override void Define(Command command) => command.Add(_background);

    public override int Run(Context context)
    {
        var isBackground = context.Get(_background);
        if (isBackground)
            Background.Detach();
        Directory.CreateDirectory(context.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var log = new BoundedLog(Path.Join(context.Home, "daemon.log"), context.Time);
        try
        {
            using var held = DaemonLock.Take(context.Home);
            RunAsync(context, log, isBackground ? Background.TellReady : () => context.Out.Note("the daemon runs")).GetAwaiter().GetResult();
            return 0;
        }
        catch (SeshException e)
        {
            // Whoever started it may not see what it says.
            log.Write($"ended: {e.Message}{(e.Hint is { } hint ? "; " + hint : "")}");
            throw;
        }
    }

    private static async Task RunAsync(Context context, BoundedLog log, Action ready)
    {
        var machine = context.MachineOrFail;
        _ = context.Configuration;
        _ = context.Peers;
        var look = new MachineLook(
            context.Store, context.Live, context.Walk, context.TranscriptCache, machine, notice => log.Write($"{notice.Message}{(notice.Hint is { } hint ? "; " + hint : "")}"), context.Time);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = context.Cancel.Register(() => stop.TrySetResult());
        await using var hooks = new HookWatch(context.NewStore(), new LiveStore(context.StoreOptions), () => ConfigFile.Read(context.ConfigPath).Hooks, context.Variable("SHELL"), log.Write, context.Time);
        var daemon = SeshDaemon.Start(new DaemonOptions
        {
            Home = context.Home,
            Socket = context.DaemonSocket,
            Dialling = context.Dialling(log.Write),
            Requests = links =>
            {
                var service = context.Service(links.To, null, new Dialler(context.Dialling(log.Write)), log.Write);
                return new DaemonRequests(service.ForHere, service.ForPeers);
            },
            Peers = () => PeersFile.Load(context.Home).Peers,
            Metered = () => ConfigFile.Read(context.ConfigPath).Metered,
            Look = isNews => look.Look(isNews),
            Peek = look.Peek,
            Noticed = changes => hooks.Expect(changes.HasFlag(StoreChanges.Settings)),
            Sessions = () => context.NewStore().Read().Records().Count(r => !r.Deleted),
        });
        log.Write($"{machine}: {Product.Version} runs as process {Environment.ProcessId}");
        await using (daemon.ConfigureAwait(false))
        {
            ready();
            await stop.Task.ConfigureAwait(false);
        }

        log.Write("ended");
    }
}
