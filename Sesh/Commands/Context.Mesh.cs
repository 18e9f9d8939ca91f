using System.Globalization;
using Sesh.Output;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>Other machines: who they are, how they are reached, what is shared with them.</summary>
internal sealed partial class Context
{
    /// <summary>Whoever waits no longer need not know for whom.</summary>
    private static readonly TimeSpan Unremarked = TimeSpan.FromSeconds(1);

    public IReadOnlyList<Peer> Peers => PeersFile.Load(Home).Peers;

    public Contacts Contacts => field ??= new Contacts(Home);

    public ISharing Sharing => field ??= new Sharing(StoreOptions);

    /// <summary>For links of this command alone.</summary>
    public Dialler Dialler => field ??= new Dialler(Dialling(_ => { }, keepWarm: true));

    /// <summary>As <c>--socket</c> says, else in the home.</summary>
    public string DaemonSocket => line.Parse.GetValue(line.Globals.Socket) is not { } given ? Path.Join(Home, "daemon.sock")
        : given.Length > 0 ? FullPath(given) : throw new UsageException("--socket is empty");

    /// <summary>The daemon of this home; null where none runs.</summary>
    public Task<DaemonClient?> OpenDaemonAsync() => SayingWhatIsWaitedFor(
        DaemonClient.OpenAsync(DaemonSocket, Machine ?? MachineName.Parse("unnamed"), Product.Number, Cancel), TheDaemon);

    /// <summary>What was to be done by the daemon is done without it.</summary>
    public void TellWithoutDaemon(SeshException why)
    {
        if (why.Code == "silent")
            Out.Note("going on without the daemon; \"sesh daemon restart\" starts it anew");
        else
            Out.Detail($"without the daemon: {why.Message}");
    }

    private string TheDaemon => DaemonLock.ProcessOf(Home) is { } pid ? string.Create(CultureInfo.InvariantCulture, $"the daemon (process {pid})") : "the daemon";

    /// <summary>Another process of this machine answers at once, unless it is stopped or the machine is busy: nobody shall look at a terminal that says nothing.</summary>
    /// <param name="who">As it is told.</param>
    private async Task<T> SayingWhatIsWaitedFor<T>(Task<T> answer, string who)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        if (await Task.WhenAny(answer, Task.Delay(Unremarked, Time, over.Token)).ConfigureAwait(false) != answer && !over.IsCancellationRequested)
            Out.Note($"{who} does not answer; waiting a few seconds for it");
        await over.CancelAsync().ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    /// <summary>The verb has <see cref="Ask.Wait"/>.</summary>
    public bool CanWait => line.Parse.CommandResult.Command.Options.Any(o => o.Name == "--wait");

    /// <summary>Ways to other machines, for this command.</summary>
    public Routing Routing => field ??= new Routing(Ways(_ => null, DaemonSocket, Dialler) with { Slow = answer => SayingWhatIsWaitedFor(answer, TheDaemon) });

    /// <param name="log">Told of what is refused on either side.</param>
    /// <param name="keepWarm">For commands: see <see cref="TransportOptions.KeepWarm"/>.</param>
    public DiallerOptions Dialling(Action<string> log, bool keepWarm = false)
    {
        var transport = TransportOptions with { KeepWarm = keepWarm };
        return new DiallerOptions
        {
            Machine = MachineOrFail,
            Replica = () => Installation.Of(Home)?.Replica ?? default,
            Version = Product.Number,
            Sharing = Sharing,
            Transport = peer => Sync.Transports.Transport.For(peer, transport),
            Note = (peer, change) => Contacts.Remember(peer, change(Contacts.Of(peer))),
            Log = log,
            Time = Time,
        };
    }

    /// <summary>What this process serves. For whoever keeps links: <c>serve</c>, the daemon.</summary>
    /// <param name="held">Its links.</param>
    /// <param name="daemonSocket">Null for the daemon itself.</param>
    /// <param name="dialler">For a request that is passed on.</param>
    public RequestService Service(Func<MachineName, Link?> held, string? daemonSocket, Dialler dialler, Action<string> log)
    {
        var program = Environment.ProcessPath ?? throw new SeshException("exec", "the system does not tell which program this is");
        return new RequestService(
            MachineOrFail,
            new RequestRunner(program, Home, Variable("HOME") is { } home && Directory.Exists(home) ? home : Home),
            new Routing(Ways(held, daemonSocket, dialler)),
            RequestTable.Permit,
            machine => Peers.FirstOrDefault(p => p.Name.Text == machine) is { Relay: true },
            log);
    }

    /// <summary>Before others are told how it stands with this machine's sessions.</summary>
    public void LookAroundUnlessFresh()
    {
        if (Machine is { } machine && !IsFresh(Live.LastWalk, isLive: true) && Snapshot.RecordsOf(machine.Text).Any(r => !r.Deleted))
            LookAround(write: true);
    }

    private RoutingOptions Ways(Func<MachineName, Link?> held, string? daemonSocket, Dialler dialler) => new()
    {
        Home = Home,
        Machine = MachineOrFail,
        Version = Product.Number,
        Held = held,
        DaemonSocket = daemonSocket,
        Peers = () => Peers,
        Dial = dialler.OpenAsync,
        Contact = Contacts.Of,
        LastHeard = LastHeard,
        Time = Time,
    };

    /// <summary>From itself, or by what it last observed, whoever brought that.</summary>
    public string LastHeard(MachineName machine)
    {
        var contact = Contacts.Of(machine).LastContact;
        var silent = contact > 0 ? Math.Max(0, Now - contact) : long.MaxValue;
        // One of its own: several ways may fail at once.
        foreach (var held in new LiveStore(StoreOptions).All().Values)
        {
            if (held.Machine == machine.Text)
                silent = Math.Min(silent, held.AgeMs);
        }

        return silent == long.MaxValue ? "never heard of" : $"last heard of {Age.Ago(silent)}";
    }
}
