using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Tests.Built;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Ssh;

/// <summary>Lines of known_hosts against hosts; what ssh-keygen writes is read as it means it.</summary>
public sealed class KnownHostsTests : IDisposable
{
    // Blobs with nothing but a type and one byte: none of this is cryptography.
    private const string Ed1 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AQ==";
    private const string Ed2 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5Ag==";
    private const string Rsa1 = "ssh-rsa AAAAB3NzaC1yc2EB";

    private readonly ScratchHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("host " + Ed1, "host", 22, Ed1, "Trusted")]
    [InlineData("HOST " + Ed1, "Host", 22, Ed1, "Trusted")]
    [InlineData("host " + Ed1 + " a comment", "host", 22, Ed1, "Trusted")]
    [InlineData("  host\t" + Ed1, "host", 22, Ed1, "Trusted")]
    [InlineData("host " + Ed2, "host", 22, Ed1, "Changed")]
    [InlineData("host " + Rsa1, "host", 22, Ed1, "Changed")]
    [InlineData("host " + Rsa1 + "\nhost " + Ed1, "host", 22, Ed1, "Trusted")]
    [InlineData("other " + Ed1, "host", 22, Ed1, "Unknown")]
    [InlineData("a,host,b " + Ed1, "host", 22, Ed1, "Trusted")]
    [InlineData("*.example.org " + Ed1, "a.example.org", 22, Ed1, "Trusted")]
    [InlineData("*.example.org " + Ed1, "example.org", 22, Ed1, "Unknown")]
    [InlineData("h?st " + Ed1, "host", 22, Ed1, "Trusted")]
    [InlineData("*.example.org,!bad.example.org " + Ed1, "bad.example.org", 22, Ed1, "Unknown")]
    [InlineData("!bad.example.org,*.example.org " + Ed1, "bad.example.org", 22, Ed1, "Unknown")]
    [InlineData("[host]:2222 " + Ed1, "host", 2222, Ed1, "Trusted")]
    [InlineData("[host]:2222 " + Ed1, "host", 22, Ed1, "Unknown")]
    [InlineData("[host]:2222 " + Ed2, "host", 2222, Ed1, "Changed")]
    [InlineData("[host]:* " + Ed1, "host", 2222, Ed1, "Trusted")]
    [InlineData("host " + Ed1, "host", 2222, Ed1, "Trusted")]
    [InlineData("host " + Ed2, "host", 2222, Ed1, "Unknown")]
    [InlineData("@revoked * " + Ed1, "host", 22, Ed1, "Revoked")]
    [InlineData("host " + Ed1 + "\n@revoked * " + Ed1, "host", 22, Ed1, "Revoked")]
    [InlineData("host " + Ed1 + "\n@revoked other " + Ed1, "host", 22, Ed1, "Trusted")]
    [InlineData("@revoked * " + Ed2, "host", 22, Ed1, "Unknown")]
    [InlineData("@cert-authority *.example.org " + Ed1, "a.example.org", 22, Ed1, "NeedsCertificate")]
    [InlineData("@cert-authority *.example.org " + Ed2 + "\na.example.org " + Ed1, "a.example.org", 22, Ed1, "Trusted")]
    [InlineData("@unknown-marker host " + Ed1, "host", 22, Ed1, "Unknown")]
    [InlineData("# host " + Ed1, "host", 22, Ed1, "Unknown")]
    [InlineData("host ssh-rsa AAAAC3NzaC1lZDI1NTE5AQ==", "host", 22, Ed1, "Unknown")]
    [InlineData("host ssh-ed25519 not-base64", "host", 22, Ed1, "Unknown")]
    [InlineData("host", "host", 22, Ed1, "Unknown")]
    [InlineData("", "host", 22, Ed1, "Unknown")]
    [InlineData("|1|AAAA|BBBB " + Ed1, "host", 22, Ed1, "Unknown")]
    [InlineData("2001:db8::1 " + Ed1, "2001:DB8::1", 22, Ed1, "Trusted")]
    public void A_host_is_judged_by_the_lines(string lines, string host, int port, string shown, string trust)
    {
        File.WriteAllText(_home.File("known"), lines + "\n");
        var verdict = KnownHosts.Read([_home.File("missing"), _home.File("known"), "/dev/null"]).Check(KnownHosts.NamesOf(host, port, null), Key(shown));
        Assert.Equal(trust, verdict.Trust.ToString());
    }

    [Fact]
    public void A_changed_key_is_told_with_its_file_and_line()
    {
        File.WriteAllText(_home.File("one"), "# nothing\n");
        File.WriteAllText(_home.File("two"), $"# nothing\nhost {Rsa1}\nhost {Ed2}\n");
        Assert.Equal($"{_home.File("two")}:3", KnownHosts.Read([_home.File("one"), _home.File("two")]).Check(["host"], Key(Ed1)).Place);
    }

    [Theory]
    [InlineData("desk.example.org")]
    [InlineData("[desk.example.org]:2222")]
    public void Names_that_ssh_keygen_hashed_are_found(string name)
    {
        var key = SshKey.Make(_home.File("key"));
        File.WriteAllText(_home.File("known"), $"other,{name} {key.Public}\n");
        SshKey.Keygen("-q", "-H", "-f", _home.File("known"));
        Assert.DoesNotContain("desk", File.ReadAllText(_home.File("known")), StringComparison.Ordinal);
        var known = KnownHosts.Read([_home.File("known")]);
        Assert.Equal(HostTrust.Trusted, known.Check([name], Key(key.Public)).Trust);
        Assert.Equal(HostTrust.Unknown, known.Check(["nobody"], Key(key.Public)).Trust);
    }

    [Fact]
    public void An_alias_stands_for_host_and_port() => Assert.Equal(["desk"], KnownHosts.NamesOf("10.0.0.1", 2222, "Desk"));

    [Fact]
    public void A_key_is_added_once_and_removed_again()
    {
        var path = _home.File("known_hosts");
        File.WriteAllText(path, $"other {Ed2}");
        var (accepted, desk) = (new AcceptedHosts(_home.Path), MachineName.Parse("desk"));
        accepted.Accept(desk, "[host]:2222", Key(Ed1));
        accepted.Accept(desk, "[host]:2222", Key(Ed1));
        accepted.Accept(MachineName.Parse("desk2"), "desk2", Key(Ed1));
        Assert.Equal($"other {Ed2}\n[host]:2222 {Ed1} sesh:desk\ndesk2 {Ed1} sesh:desk2\n", File.ReadAllText(path));
        Assert.Equal(1, accepted.Forget(desk));
        Assert.Equal(0, accepted.Forget(desk));
        Assert.Equal($"other {Ed2}\ndesk2 {Ed1} sesh:desk2\n", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_fingerprint_is_as_ssh_keygen_prints_it()
    {
        var key = SshKey.Make(_home.File("key"), "ecdsa");
        Assert.Equal(key.Fingerprint, Key(key.Public).Fingerprint);
        Assert.True(HostKey.IsFingerprint(key.Fingerprint));
        Assert.False(HostKey.IsFingerprint(key.Fingerprint + "="));
        Assert.False(HostKey.IsFingerprint("MD5:00:11"));
    }

    private static HostKey Key(string line) => HostKey.TryParseLine(line, out var key) ? key : throw new ArgumentException(line);
}
