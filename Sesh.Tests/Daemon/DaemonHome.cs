using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;
using Sesh.Tests.Store;
using Sesh.Tests.Wire;

namespace Sesh.Tests.Daemon;

/// <summary>A home on disk with a daemon over it, which reaches others through memory; whoever is reached serves as <c>sesh serve</c> does.</summary>
internal sealed class DaemonHome(string machine) : ITransport, IAsyncDisposable
{
    private readonly StoreHome _home = new();
    private readonly Dictionary<string, DaemonHome> _others = [];
    private readonly List<Task> _serving = [];
    private readonly CancellationTokenSource _stop = new();
    private SeshDaemon? _daemon;

    public MachineName Name { get; } = MachineName.Parse(machine);

    public StoreHome Home => _home;

    public string Socket => Path.Join(_home.Path, "daemon.sock");

    public Func<bool, WalkOutcome>? Look { get; set; }

    public List<string> Log { get; } = [];

    public SessionStore Store => _home.Store(machine);

    public LiveStore Live => new(new StoreOptions(_home.Path, Name, TimeProvider.System));

    public string? NameOf(SessionId session) => Store.Read().Find(session)?.Name;

    public void Start(params DaemonHome[] peers)
    {
        Directory.CreateDirectory(_home.Path);
        WritePeers(peers);
        _daemon = SeshDaemon.Start(new DaemonOptions
        {
            Home = _home.Path,
            Socket = Socket,
            Dialling = new DiallerOptions
            {
                Machine = Name,
                Replica = () => Installation.Of(_home.Path)?.Replica ?? default,
                Version = "0.0",
                Sharing = NewSharing(),
                Transport = _ => this,
                Log = text =>
                {
                    lock (Log)
                        Log.Add(text);
                },
            },
            Peers = ReadPeers,
            Look = Look,
            Sessions = () => Store.Read().Records().Count(),
        });
    }

    public void WritePeers(params DaemonHome[] peers)
    {
        foreach (var peer in peers)
            _others[peer.Name.Text] = peer;
        File.WriteAllText(Path.Join(_home.Path, "peers.json"), string.Join('\n', peers.Select(p => p.Name.Text)));
    }

    public async Task<DaemonClient> OpenAsync() => (await DaemonClient.OpenAsync(Socket, Name, "0.0", CancellationToken.None))!;

    public async Task<DaemonStatus> StatusAsync()
    {
        await using var client = await OpenAsync();
        return await client.StatusAsync(CancellationToken.None);
    }

    public Task<IConnection> ConnectAsync(Peer peer, CancellationToken cancel)
    {
        var (here, there) = PipeConnection.Pair();
        var other = _others[peer.Name.Text];
        lock (other._serving)
            other._serving.Add(Task.Run(() => other.ServeAsync(there, Name), CancellationToken.None));
        return Task.FromResult<IConnection>(here);
    }

    public async Task StopAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _daemon = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _stop.CancelAsync();
        Task[] serving;
        lock (_serving)
            serving = [.. _serving];
        await Task.WhenAll(serving);
        _stop.Dispose();
        _home.Dispose();
    }

    private Sharing NewSharing() => new(new StoreOptions(_home.Path, Name, TimeProvider.System));

    private List<Peer> ReadPeers() => [.. File.ReadLines(Path.Join(_home.Path, "peers.json"))
        .Select(n => MachineName.TryParse(n, out var name) ? name : throw new SeshException("config", $"not a machine name: {n}"))
        .Select(n => new Peer { Name = n, Destination = n.Text })];

    private async Task ServeAsync(PipeConnection connection, MachineName from)
    {
        try
        {
            var options = new LinkOptions { Machine = Name, Replica = Installation.Of(_home.Path)?.Replica ?? default, Version = "0.0", Sharing = NewSharing(), Expected = from };
            await using var link = await Link.OpenAsync(connection, options, _stop.Token);
            using var news = new News(_home.Path, link.Changed, TimeProvider.System);
            using var watch = new StoreWatch(_home.Path, _ => news.Look());
            // What changed since hello said what is held here.
            link.Changed();
            await link.Ended.WaitAsync(_stop.Token);
        }
        catch (Exception e) when (e is SeshException or OperationCanceledException)
        {
            // Whoever dialled has gone.
        }
    }
}
