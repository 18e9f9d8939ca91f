using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Ssh;

public sealed class PeersFileTests : IDisposable
{
    private readonly ScratchHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void No_file_lists_nobody_and_none_is_made() => Assert.Empty(PeersFile.Load(_home.Path).Peers);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var peer = new Peer
        {
            Name = MachineName.Parse("desk"),
            Destination = "me@desk.example.org",
            Port = 2222,
            Identity = "/home/me/.ssh/id",
            Transport = TransportKind.OpenSsh,
            HostKey = "SHA256:" + new string('A', 43),
            Allow = Grant.Drive,
            Relay = true,
            RemoteHome = "/srv/sesh home",
            RemoteSesh = "~/bin/sesh",
        };
        var phone = new Peer { Name = MachineName.Parse("phone") };
        PeersFile.Change(_home.Path, p => p.With(peer));
        PeersFile.Change(_home.Path, p => p.With(phone));
        Assert.Equal([peer, phone], PeersFile.Load(_home.Path).Peers);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PeersFile.PathIn(_home.Path)));
        PeersFile.Change(_home.Path, p => p.Without("desk"));
        Assert.Equal([phone], PeersFile.Load(_home.Path).Peers);
    }

    [Fact]
    public void Keys_of_later_versions_stay()
    {
        Write("""{"later": [1, {"a": "ü"}], "peers": [{"name": "desk", "colour": "red", "destination": "desk", "port": 1}]}""");
        PeersFile.Change(_home.Path, p => p.With(p.Find("desk")! with { Port = null, Relay = true }));
        Assert.Equal(
            """
            {
              "later": [
                1,
                {
                  "a": "ü"
                }
              ],
              "peers": [
                {
                  "name": "desk",
                  "colour": "red",
                  "destination": "desk",
                  "transport": "sshnet",
                  "allow": "sync",
                  "relay": true
                }
              ]
            }

            """, File.ReadAllText(PeersFile.PathIn(_home.Path)));
    }

    [Fact]
    public void A_change_that_changes_nothing_writes_nothing()
    {
        Write("""{"peers":[{"name":"desk"}]}""");
        PeersFile.Change(_home.Path, p => p.Without("nobody"));
        Assert.Equal("""{"peers":[{"name":"desk"}]}""", File.ReadAllText(PeersFile.PathIn(_home.Path)));
    }

    [Theory]
    [InlineData("", ":1:1: not JSON")]
    [InlineData("{\n  \"peers\": [\n    {\"name\": desk}\n  ]\n}", ":3:14: not JSON")]
    [InlineData("[]", ": must be an object")]
    [InlineData("null", ": must be an object")]
    [InlineData("""{"peers": {}}""", ": peers must be a list")]
    [InlineData("""{"peers": ["desk"]}""", ": peers[0] must be an object")]
    [InlineData("""{"peers": [{}]}""", ": peers[0].name: missing")]
    [InlineData("""{"peers": [{"name": "a"}, {"name": "../x"}]}""", ": peers[1].name: a name is")]
    [InlineData("""{"peers": [{"name": "a"}, {"name": "a"}]}""", ": peers[1].name: a is there already")]
    [InlineData("""{"peers": [{"name": "a", "destination": "-oProxyCommand=x"}]}""", ": peers[0].destination: a destination is")]
    [InlineData("""{"peers": [{"name": "a", "destination": "a b"}]}""", ": peers[0].destination: a destination is")]
    [InlineData("""{"peers": [{"name": "a", "destination": "a\nb"}]}""", ": peers[0].destination: must be without control characters")]
    [InlineData("""{"peers": [{"name": "a", "destination": "\ud800"}]}""", ": peers[0].destination: ")]
    [InlineData("""{"peers": [{"name": "a", "destination": 1}]}""", ": peers[0].destination: must be a text")]
    [InlineData("""{"peers": [{"name": "a", "port": 0}]}""", ": peers[0].port: must be a number from 1 to 65535")]
    [InlineData("""{"peers": [{"name": "a", "port": "22"}]}""", ": peers[0].port: must be a number from 1 to 65535")]
    [InlineData("""{"peers": [{"name": "a", "port": 1e99}]}""", ": peers[0].port: must be a number from 1 to 65535")]
    [InlineData("""{"peers": [{"name": "a", "identity": "id"}]}""", ": peers[0].identity: must be an absolute path")]
    [InlineData("""{"peers": [{"name": "a", "transport": "telnet"}]}""", ": peers[0].transport: must be sshnet or openssh")]
    [InlineData("""{"peers": [{"name": "a", "allow": "all"}]}""", ": peers[0].allow: must be sync, read or drive")]
    [InlineData("""{"peers": [{"name": "a", "relay": "yes"}]}""", ": peers[0].relay: must be true or false")]
    [InlineData("""{"peers": [{"name": "a", "hostKey": "MD5:x"}]}""", ": peers[0].hostKey: must be SHA256:")]
    [InlineData("""{"peers": [{"name": "a", "remoteHome": "/x; rm -rf /"}]}""", ": peers[0].remoteHome: must be an absolute path")]
    [InlineData("""{"peers": [{"name": "a", "remoteSesh": "$(x)"}]}""", ": peers[0].remoteSesh: must be an absolute path")]
    [InlineData("""{"peers": [{"name": "a", "name": "b"}]}""", "not JSON")]
    public void What_is_wrong_is_told_with_its_place(string text, string wanted)
    {
        Write(text);
        var failure = Assert.Throws<SeshException>(() => PeersFile.Load(_home.Path));
        Assert.Equal("config", failure.Code);
        Assert.Contains(PeersFile.PathIn(_home.Path) + (wanted[0] == ':' ? wanted : ""), failure.Message, StringComparison.Ordinal);
        Assert.Contains(wanted, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Hint);
        Assert.Throws<SeshException>(() => PeersFile.Change(_home.Path, p => p.With(new Peer { Name = MachineName.Parse("z") })));
        Assert.Equal(text, File.ReadAllText(PeersFile.PathIn(_home.Path)));
    }

    [Fact]
    public void Writers_at_once_lose_nothing()
    {
        Parallel.For(0, 20, i => PeersFile.Change(_home.Path, p => p.With(new Peer { Name = MachineName.Parse($"m{i}") })));
        Assert.Equal(20, PeersFile.Load(_home.Path).Peers.Count);
    }

    [Fact]
    public void Contacts_are_remembered_and_whatever_else_lies_there_is_not_known()
    {
        var (contacts, desk) = (new Contacts(_home.Path), MachineName.Parse("desk"));
        var contact = new Contact { LastContact = 1_700_000_000_000, LastTried = 5, LastError = "no \"answer\"", Version = "1.0", SkewMs = -7, RoundTripMs = 8, Granted = "read", Behind = 2 };
        contacts.Remember(desk, contact);
        Assert.Equal(contact, contacts.Of(desk));
        var path = Path.Join(_home.Path, "cache", "peers", "desk.json");
        foreach (var text in (string[])["", "{", "[]", "{\"lastContact\": \"x\", \"behind\": -5, \"version\": {}}", "null"])
        {
            File.WriteAllText(path, text);
            Assert.Equal(new Contact(), contacts.Of(desk));
        }

        contacts.Forget(desk);
        Assert.False(File.Exists(path));
        contacts.Forget(desk);
    }

    private void Write(string text) => File.WriteAllText(PeersFile.PathIn(_home.Path), text);
}
