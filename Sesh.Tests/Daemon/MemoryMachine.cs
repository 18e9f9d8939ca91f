using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;
using Sesh.Tests.Wire;

namespace Sesh.Tests.Daemon;

/// <summary>Machines in memory and how they reach one another.</summary>
internal sealed class MemoryNet(TimeProvider time) : IAsyncDisposable
{
    private readonly List<MemoryMachine> _machines = [];

    public TimeProvider Time => time;

    public MemoryMachine Add(string name)
    {
        var machine = new MemoryMachine(this, name, _machines.Count + 1);
        _machines.Add(machine);
        return machine;
    }

    public MemoryMachine Find(MachineName name) => _machines.Single(m => m.Name == name);

    public bool AreEqual => _machines.Select(m => m.Sharing.Contents).Distinct().Count() == 1;

    public async ValueTask DisposeAsync() => await Task.WhenAll(_machines.Select(m => m.DisposeAsync().AsTask()));
}

/// <summary>One of them: a daemon's links, and what serves the links that others dial.</summary>
internal sealed class MemoryMachine : ITransport, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryNet _net;
    private readonly List<(Link Link, PipeConnection Connection)> _served = [];
    private readonly List<Task> _serving = [];
    private readonly ReplicaId _replica;

    /// <param name="number">Machines have replicas in ascending order of it.</param>
    public MemoryMachine(MemoryNet net, string name, int number)
    {
        (_net, Name, Number) = (net, MachineName.Parse(name), number);
        _replica = new ReplicaId((UInt128)number);
        Dialler = new Dialler(new DiallerOptions
        {
            Machine = Name,
            Replica = () => _replica,
            Version = "0.0",
            Sharing = Sharing,
            Transport = _ => this,
            Note = (peer, change) =>
            {
                lock (_lock)
                    Contacts[peer.Text] = change(Contacts.GetValueOrDefault(peer.Text) ?? new Contact());
            },
            Time = net.Time,
        });
        Links = new PeerLinks(Dialler, ServedAsync, Changed, new Random(number));
    }

    public MachineName Name { get; }

    public int Number { get; }

    public MemorySharing Sharing { get; } = new();

    public Dialler Dialler { get; }

    public PeerLinks Links { get; }

    public Dictionary<string, Contact> Contacts { get; } = [];

    /// <summary>How others find it: null is up, else what connecting to it does.</summary>
    public Func<CancellationToken, Task<IConnection>>? Away { get; set; }

    /// <summary>The last connection that it made itself, to spoil it.</summary>
    public PipeConnection? Dialled { get; private set; }

    /// <summary>How often it was dialled.</summary>
    public int Dials { get; private set; }

    public int ServedLinks
    {
        get
        {
            lock (_lock)
                return _served.Count;
        }
    }

    public static Func<CancellationToken, Task<IConnection>> Refusing(string code = "unreachable") =>
        _ => Task.FromException<IConnection>(new SeshException(code, "connection refused"));

    /// <summary>Neither answers nor listens to who gives up.</summary>
    public static Func<CancellationToken, Task<IConnection>> BlackHole() => _ => new TaskCompletionSource<IConnection>().Task;

    public void Keep(params IEnumerable<MemoryMachine> peers) => Links.Keep([.. peers.Select(p => new Peer { Name = p.Name, Destination = p.Name.Text })]);

    public LinkStatus StatusOf(MemoryMachine peer) => Links.Statuses.Single(s => s.Peer == peer.Name);

    /// <summary>A command here wrote something.</summary>
    public void Write(int seed)
    {
        Sharing.Write(Number, MemorySharing.Payload(seed));
        Changed();
    }

    /// <summary>The connections that others have made to it, to spoil them.</summary>
    public IReadOnlyList<PipeConnection> Connections
    {
        get
        {
            lock (_lock)
                return [.. _served.Select(s => s.Connection)];
        }
    }

    public async Task<IConnection> ConnectAsync(Peer peer, CancellationToken cancel)
    {
        var machine = _net.Find(peer.Name);
        machine.Dials++;
        if (machine.Away is { } away)
            return await away(cancel);
        var (here, there) = PipeConnection.Pair(_net.Time);
        machine.Accept(there, Name);
        Dialled = here;
        return here;
    }

    public async ValueTask DisposeAsync()
    {
        await Links.DisposeAsync();
        List<Link> served;
        Task[] serving;
        lock (_lock)
            (served, serving) = ([.. _served.Select(s => s.Link)], [.. _serving]);
        foreach (var link in served)
            await link.DisposeAsync();
        await Task.WhenAll(serving);
    }

    private void Accept(PipeConnection connection, MachineName from)
    {
        lock (_lock)
            _serving.Add(Task.Run(() => ServeAsync(connection, from)));
    }

    private async Task ServeAsync(PipeConnection connection, MachineName from)
    {
        try
        {
            await using var link = await Link.OpenAsync(connection, Options(Sharing) with { Expected = from, Received = Changed }, CancellationToken.None);
            lock (_lock)
                _served.Add((link, connection));
            Links.LookForTheirs();
            await link.Ended;
            lock (_lock)
                _served.RemoveAll(s => s.Link == link);
        }
        catch (SeshException)
        {
            // Whoever dialled gave up meanwhile.
        }
    }

    /// <summary>As a process of its own would offer the link that it serves.</summary>
    private async Task<Link?> ServedAsync(MachineName peer, CancellationToken cancel)
    {
        Link? theirs;
        lock (_lock)
            theirs = _served.Select(s => s.Link).FirstOrDefault(l => l.Peer.Machine == peer && !l.Ended.IsCompleted);
        if (theirs is null)
            return null;
        var (here, there) = PipeConnection.Pair(_net.Time);
        var offering = Link.OpenAsync(there, Options(NothingShared.Instance), cancel);
        var link = await Link.OpenAsync(here, Options(NothingShared.Instance), cancel);
        var offered = await offering;
        lock (_lock)
            _serving.Add(Task.Run(async () =>
            {
                await Task.WhenAny(theirs.Ended, offered.Ended);
                await offered.DisposeAsync();
            }));
        return link;
    }

    private void Changed()
    {
        Links.Changed();
        List<Link> served;
        lock (_lock)
            served = [.. _served.Select(s => s.Link)];
        foreach (var link in served)
            link.Changed();
    }

    private LinkOptions Options(Sync.Store.Sharing.ISharing sharing) =>
        new() { Machine = Name, Replica = _replica, Version = "0.0", Sharing = sharing, Time = _net.Time };
}
