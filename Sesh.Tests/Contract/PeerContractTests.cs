using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;
using Sesh.Tests.Commands;
using Xunit;

namespace Sesh.Tests.Contract;

/// <summary>The list of peers, for people, for pipes and as JSON.</summary>
public sealed class PeerContractTests : IDisposable
{
    private readonly CommandWorld _world = new();

    public PeerContractTests()
    {
        PeersFile.Change(_world.Home, peers => peers
            .With(new Peer
            {
                Name = MachineName.Parse("desk"),
                Destination = "me@desk.example.org",
                Port = 2222,
                Identity = "/home/me/.ssh/id",
                Transport = TransportKind.OpenSsh,
                HostKey = "SHA256:" + new string('A', 43),
                Allow = Grant.Drive,
                Relay = true,
                RemoteHome = "/srv/sesh",
                RemoteSesh = "/opt/sesh",
            })
            .With(new Peer { Name = MachineName.Parse("shed"), Destination = "shed" })
            .With(new Peer { Name = MachineName.Parse("phone"), Allow = Grant.Read }));
        var contacts = new Contacts(_world.Home);
        contacts.Remember(MachineName.Parse("desk"), new Contact
        {
            LastContact = _world.Time.Now - 90_000,
            LastTried = _world.Time.Now - 1000,
            LastError = "no answer\u001b[2J within 5 s",
            Version = "0.1.0",
            SkewMs = -1200,
            RoundTripMs = 12,
            Granted = "read",
            Behind = 3,
        });
        contacts.Remember(MachineName.Parse("shed"), new Contact { LastTried = _world.Time.Now - 1000, LastError = "cannot reach shed" });
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void As_json() => ContractFile.Matches("json/peer-list", _world.Do("peer", "list", "--json"));

    [Fact]
    public void In_a_pipe()
    {
        ContractFile.Matches("tsv/peer-list", _world.Do("peer"));
        Assert.Equal(_world.Do("peer"), _world.Do("peer", "list"));
    }

    [Fact]
    public void On_a_terminal()
    {
        _world.OnTerminal = true;
        _world.Width = 120;
        ContractFile.Matches("table/peer-list", _world.Do("peer", "--color", "never"));
    }

    [Fact]
    public void Names_complete_and_so_does_what_an_option_takes()
    {
        Assert.Equal(["desk", "shed", "phone"], Offered("peer", "test", ""));
        Assert.Equal(["shed"], Offered("peer", "remove", "s"));
        Assert.Equal(["sync", "read", "drive"], Offered("peer", "add", "x", "y", "--allow", ""));
    }

    [Fact]
    public void Keys_that_are_not_known_are_named_with_the_nearest_and_survive_a_change()
    {
        _world.Write("peers.json", """{"peers": [{"name": "desk"}, {"name": "shed", "alow": "drive", "zzzz": [1]}], "pers": []}""");
        string[] told =
        [
            $"sesh: warning: {_world.Home}/peers.json: unknown key pers, which has no effect; did you mean peers?",
            $"sesh: warning: {_world.Home}/peers.json: peers[1] (shed): unknown key alow, which has no effect; did you mean allow?",
            $"sesh: warning: {_world.Home}/peers.json: peers[1] (shed): unknown key zzzz, which has no effect; known here: name, destination, port, identity, transport, hostKey, allow, relay, remoteHome, remoteSesh",
        ];
        Assert.Equal(told, _world.Run("peer").Error.TrimEnd('\n').Split('\n'));
        var changed = _world.Run("peer", "add", "shed", "--relay");
        Assert.Equal(0, changed.Status);
        Assert.Equal(told, changed.Error.TrimEnd('\n').Split('\n'));
        var entry = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Join(_world.Home, "peers.json")))!["peers"]![1]!;
        Assert.Equal(("drive", 1, true), ((string)entry["alow"]!, (int)entry["zzzz"]![0]!, (bool)entry["relay"]!));
        var doctor = _world.Run("doctor").Out;
        Assert.Matches(@"(?m)^warn\s+peers\s+.*peers\[1\] \(shed\): unknown key alow, which has no effect; did you mean allow\?$", doctor);
        Assert.Equal("", _world.Run("list").Error);
    }

    [Fact]
    public void Every_key_that_is_written_is_known() => Assert.Empty(PeersFile.Load(_world.Home).Unknown);

    private IEnumerable<string> Offered(params string[] words) => _world.Run(["__complete", "--", .. words]).Lines.Select(l => l.Split('\t')[0]);
}
