using System.Globalization;
using System.Text.Json;
using Sesh.Bench.Data;
using Sesh.Bench.Running;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Bench.Figures;

/// <summary>The five homes, each reachable by SSH, of which the first two have exchanged with all.</summary>
internal sealed class Mesh : IDisposable
{
    private readonly Tools _tools;
    private int _names;

    /// <param name="compacted">As <c>gc</c> leaves the documents.</param>
    public Mesh(Tools tools, string folder, bool compacted)
    {
        _tools = tools;
        World = World.Make(new Workload(10_000, 10), Path.Combine(tools.Work, folder));
        for (var machine = 0; compacted && machine < World.Homes.Count; machine++)
            World.Open(machine).Compact();
        Ssh = new SshServer(tools);
        try
        {
            for (var machine = 2; machine < World.Homes.Count; machine++)
                Ssh.Peer(World.Homes[machine], Workload.Machines[machine], "m1", There, Ssh.Port, "openssh");
            Reach(Ssh.Port, "openssh");
        }
        catch
        {
            Ssh.Dispose();
            throw;
        }
    }

    public World World { get; }

    public SshServer Ssh { get; }

    public string Here => World.Homes[0];

    public string There => World.Homes[1];

    public string HomeOf(int machine) => Path.Combine(Path.GetDirectoryName(Here)!, string.Create(CultureInfo.InvariantCulture, $"m{machine}"));

    /// <summary>Makes the first machine reach the second so; exchanges, and is warm.</summary>
    public void Reach(int port, string transport)
    {
        Ssh.Peer(Here, "m0", "m1", There, port, transport);
        Spawn.Must(Sync());
    }

    /// <summary>The same without a connection: there is one that is open.</summary>
    public void Point(int port) => Ssh.Peer(Here, "m0", "m1", There, port, "openssh", connect: false);

    public Command Call(params IEnumerable<string> words) => Ssh.Call(Here, "m0", words);

    public Command Sync() => Call("sync", "m1");

    /// <summary>Names so many sessions anew at the second machine. One operation each, as a person would: a frame and an fsync for every name.</summary>
    public void Rename(int sessions)
    {
        var store = World.Open(1);
        for (var n = 0; n < sessions; n++)
        {
            var register = new Register(World.Workload.Sessions[n].Uuid, Field.Name);
            var name = Value.Of($"name {++_names}");
            store.Write(_ => new Draft("rename", [], [new Change(register, name)]));
        }
    }

    /// <summary>What the next exchange costs, both ways.</summary>
    public double Bytes() => Bytes(Here, "m0");

    public double Bytes(string home, string machine)
    {
        var output = Path.Combine(_tools.Work, "sync.json");
        Spawn.Must(Ssh.Call(home, machine, "sync", "m1", "--json") with { Output = output });
        using var json = JsonDocument.Parse(File.ReadAllText(output));
        return json.RootElement[0].GetProperty("bytes").GetDouble();
    }

    /// <summary>More machines, with a session each, that have exchanged with the second.</summary>
    public void Grow(int machines)
    {
        for (var machine = World.Homes.Count; machine < machines; machine++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"m{machine}");
            var home = HomeOf(machine);
            var session = new Register(SessionId.Parse(Guid.NewGuid().ToString()), Field.Machine);
            SessionStore.Open(new StoreOptions(home, MachineName.Parse(name), TimeProvider.System)).Write(_ => new Draft(
                "adopt", [], [new Change(session, Value.Of(name)), new Change(session with { Field = Field.Agent }, Value.Of("claude")), new Change(session with { Field = Field.Name }, Value.Of(name))]));
            Ssh.Peer(home, name, "m1", There, Ssh.Port, "openssh");
        }
    }

    public void Dispose() => Ssh.Dispose();
}
