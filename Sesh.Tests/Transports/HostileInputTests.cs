using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Ssh;

/// <summary>Files and answers that are not as they should be: whoever reads them says so or passes over them, and never fails in another way.</summary>
public sealed class HostileInputTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "@revoked ", "@cert-authority ", "|1|", "host", "*", "!", ",", "[h]:1", " ", "\t", "\n", "\r\n", "\0", "#", "ssh-ed25519 ", "AAAAC3NzaC1lZDI1NTE5AQ==", "AAAA", "====",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n", "b3BlbnNzaC1rZXktdjEA", "/////w==", "\n-----END OPENSSH PRIVATE KEY-----\n", "PRIVATE KEY-----", "ENCRYPTED", "\ud83d", "ü",
        "{\"peers\":[", "{\"name\":\"a\"", ",\"port\":", "1e9", "}", "]", "null", "\"", "port x\n", "hostname \n", "identityfile ", "~/", "%", "%%", "%h", "userknownhostsfile ", "/", "none",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Int[0, 42].Select(i => Pieces[i % Pieces.Length]), Gen.String[0, 8]).Array[0, 14].Select(string.Concat);

    private readonly ScratchHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Any_text_is_some_known_hosts_and_some_key_file() => Texts.Sample(text =>
    {
        var path = _home.File("any" + Environment.CurrentManagedThreadId);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        HostKey.TryParseLine("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AQ==", out var key);
        var known = KnownHosts.Read([path]);
        _ = (known.Check(["host"], key!), known.TypesOf(["[h]:1", "h"]), known.HasAuthority(["host"]), IdentityFile.Read(path), Sesh.Sessions.Mesh.AuthorizedKeys.KeyIn(text));
    }, iter: Scale.Of(3000, 500_000));

    [Fact]
    public void Any_text_is_a_list_of_peers_or_a_fault_with_its_place() => Texts.Sample(text =>
    {
        try
        {
            _ = PeersFile.Parse(Encoding.UTF8.GetBytes(text), "peers.json").Peers.Count;
        }
        catch (SeshException e)
        {
            Assert.StartsWith("peers.json", e.Message, StringComparison.Ordinal);
        }
    }, iter: Scale.Of(3000, 500_000));

    [Fact]
    public void Any_answer_of_ssh_is_some_host() => Texts.Sample(text =>
        ResolvedHost.Parse(text, "desk", new TransportOptions { Home = _home.Path, UserHome = "/home/me", UserName = "me" }).Names.Count > 0, iter: Scale.Of(3000, 500_000));

    [Fact]
    public void Any_text_may_be_asked_to_pass_a_shell_and_only_harmless_ones_do() => Texts.Sample(text =>
    {
        if (RemoteCommand.IsSafePath(text))
            Assert.Equal(-1, text.AsSpan().IndexOfAny("'\"\\$`!;&|<>*?\n"));
        if (Destination.IsSafe(text))
            Assert.Equal(-1, text.AsSpan().IndexOfAny("'\"\\$`!;&|<>*? \n"));
    }, iter: Scale.Of(3000, 500_000));

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 5 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 12 })]
    [InlineData(new byte[] { 0, 0, 0, 5, 12, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 0, 0, 9, 12, 0, 0, 0, 1, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 0, 0, 13, 12, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 9, 12, 0, 0 })]
    public async Task An_agent_that_speaks_nonsense_has_no_keys(byte[] answer)
    {
        using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        agent.Bind(new UnixDomainSocketEndPoint(_home.File("s")));
        agent.Listen();
        var answering = Task.Run(() =>
        {
            using var client = agent.Accept();
            client.Receive(new byte[100]);
            client.Send(answer);
        }, TestContext.Current.CancellationToken);
        Assert.Empty(new Agent(_home.File("s")).Keys());
        await answering;
    }

    [Fact]
    public async Task An_agent_that_will_not_sign_is_told()
    {
        using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        agent.Bind(new UnixDomainSocketEndPoint(_home.File("s")));
        agent.Listen();
        var asked = Task.Run(() =>
        {
            using var client = agent.Accept();
            var request = new byte[1000];
            var length = 0;
            // It may come in pieces.
            while (length < 4 || length < 4 + BinaryPrimitives.ReadInt32BigEndian(request))
                length += client.Receive(request, length, request.Length - length, SocketFlags.None) is > 0 and var more ? more : throw new EndOfStreamException();
            client.Send([0, 0, 0, 1, 5]);
            return request[..length];
        }, TestContext.Current.CancellationToken);
        HostKey.TryParseLine("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AQ==", out var key);
        Assert.Throws<IOException>(() => new Agent(_home.File("s")).Sign(key!, "data"u8, 4));
        var request = await asked;
        Assert.Equal(request.Length - 4, BinaryPrimitives.ReadInt32BigEndian(request));
        Assert.Equal(13, request[4]);
        Assert.EndsWith("00000004" + Convert.ToHexString("data"u8) + "00000004", Convert.ToHexString(request), StringComparison.Ordinal);
    }
}
