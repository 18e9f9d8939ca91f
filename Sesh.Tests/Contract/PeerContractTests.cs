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

    private IEnumerable<string> Offered(params string[] words) => _world.Run(["__complete", "--", .. words]).Lines.Select(l => l.Split('\t')[0]);
}
