using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Tests.Built;
using Xunit;

namespace Sesh.Tests.Ssh;

/// <summary>Keys of every kind, by both transports.</summary>
public sealed class LoginTests
{
    public static TheoryData<TransportKind> Both => [TransportKind.SshNet, TransportKind.OpenSsh];

    [Theory]
    [InlineData(TransportKind.SshNet, "ed25519")]
    [InlineData(TransportKind.SshNet, "ecdsa")]
    [InlineData(TransportKind.SshNet, "rsa")]
    [InlineData(TransportKind.OpenSsh, "ecdsa")]
    public async Task An_agents_key_logs_in(TransportKind transport, string type)
    {
        using var reached = new Reached(mayLogIn: false);
        using var agent = new SshAgent();
        var key = SshKey.Make(Path.Join(reached.User.Folder, "other"), type, "open sesame");
        agent.Add(key, "open sesame");
        reached.Sshd.Authorize(key);
        reached.AgentSocket = agent.Socket;
        await using var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_configured_key_with_a_passphrase_is_used_through_the_agent_though_that_holds_many(TransportKind transport)
    {
        using var reached = new Reached(mayLogIn: false, settings: ["MaxAuthTries 2"]);
        using var agent = new SshAgent();
        for (var i = 0; i < 8; i++)
            agent.Add(SshKey.Make(Path.Join(reached.User.Folder, $"many{i}")));
        var key = SshKey.Make(Path.Join(reached.User.Folder, "secret"), passphrase: "x");
        agent.Add(key, "x");
        reached.Sshd.Authorize(key);
        reached.AgentSocket = agent.Socket;
        await using var connection = await reached.ConnectAsync(Reached.Desk(transport) with { Identity = key.Path });
        await Reached.HelloAsync(connection);
    }

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task Files_of_other_types_log_in(string type)
    {
        using var reached = new Reached(mayLogIn: false);
        var key = SshKey.Make(Path.Join(reached.User.Folder, "other"), type);
        reached.Sshd.Authorize(key);
        await using var connection = await reached.ConnectAsync(Reached.Desk(TransportKind.SshNet) with { Identity = key.Path });
        await Reached.HelloAsync(connection);
    }

    [Theory]
    [InlineData(TransportKind.SshNet)]
    public async Task A_key_with_a_passphrase_and_no_agent_is_told_with_what_to_do(TransportKind transport)
    {
        using var reached = new Reached(mayLogIn: false);
        var key = SshKey.Make(Path.Join(reached.User.Folder, "secret"), passphrase: "x");
        reached.Sshd.Authorize(key);
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(Reached.Desk(transport) with { Identity = key.Path }));
        Assert.Equal("login-refused", failure.Code);
        Assert.Contains($"ssh-add {key.Path}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_agent_that_is_gone_or_speaks_nonsense_is_no_failure_where_a_file_will_do(TransportKind transport)
    {
        using var reached = new Reached();
        reached.AgentSocket = "/no/such/socket";
        await using var connection = await reached.ConnectAsync(transport);
        await Reached.HelloAsync(connection);
    }

    [Fact]
    public async Task Without_an_ssh_here_the_destination_speaks_for_itself()
    {
        using var reached = new Reached();
        new AcceptedHosts(reached.Home).Accept(Reached.Desk(default).Name, $"[127.0.0.1]:{reached.Sshd.Port}", HostKey.TryParseLine(reached.Sshd.HostKeys[0].Public, out var key) ? key : null!);
        var peer = Reached.Desk(TransportKind.SshNet) with { Destination = $"ssh://{Sshd.User}@127.0.0.1:{reached.Sshd.Port}" };
        await using var connection = await reached.ConnectAsync(peer, reached.Options with { Ssh = null });
        await Reached.HelloAsync(connection);
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(peer with { Transport = TransportKind.OpenSsh }, reached.Options with { Ssh = null }));
        Assert.Equal("no-ssh", failure.Code);
    }

    [Fact]
    public async Task A_jump_host_is_openssh_s_and_sshnet_says_so()
    {
        using var reached = new Reached();
        reached.User.Names(reached.Sshd, "jump");
        reached.User.AddToConfig("Host desk\n  ProxyJump jump\n");
        // The ssh that ssh itself starts for the way does not read the test's configuration; so that one is named in full.
        reached.User.AddToConfig($"Host desk\n  ProxyJump none\n  ProxyCommand {reached.User.Program} -W %h:%p jump\n");
        await using var connection = await reached.ConnectAsync(TransportKind.OpenSsh);
        await Reached.HelloAsync(connection);
        var failure = await Assert.ThrowsAsync<SeshException>(() => reached.ConnectAsync(TransportKind.SshNet));
        Assert.Contains("--transport openssh", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_certificate_is_checked_by_openssh_and_sshnet_refuses_to_guess()
    {
        using var reached = new Reached(knows: false, settings: []);
        var authority = SshKey.Make(Path.Join(reached.User.Folder, "authority"));
        File.WriteAllText(reached.User.KnownHosts, $"@cert-authority * {authority.Public}\n");
        SshKey.Keygen("-q", "-s", authority.Path, "-I", "desk", "-h", "-n", "127.0.0.1,desk", reached.Sshd.HostKeys[0].Path + ".pub");
        reached.Sshd.Stop();
        reached.Sshd.Set($"HostCertificate {reached.Sshd.HostKeys[0].Path}-cert.pub");
        reached.Sshd.Start();
        await using var connection = await reached.ConnectAsync(TransportKind.OpenSsh);
        await Reached.HelloAsync(connection);
        var failure = await Assert.ThrowsAsync<HostKeyException>(() => reached.ConnectAsync(TransportKind.SshNet));
        Assert.Equal("host-key-unknown", failure.Code);
        Assert.False(failure.MayBeAccepted);
        Assert.Contains("--transport openssh", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_certificate_logs_in_by_openssh()
    {
        var authority = SshKey.Make(Path.Join(Directory.CreateTempSubdirectory("sesh-k").FullName, "authority"));
        using var reached = new Reached(mayLogIn: false, settings: [$"TrustedUserCAKeys {authority.Path}.pub"]);
        SshKey.Keygen("-q", "-s", authority.Path, "-I", "me", "-n", Sshd.User, reached.User.Key.Path + ".pub");
        reached.User.AddToConfig($"Host desk\n  CertificateFile {reached.User.Key.Path}-cert.pub\n");
        await using var connection = await reached.ConnectAsync(TransportKind.OpenSsh);
        await Reached.HelloAsync(connection);
        Assert.Equal(TransportKind.OpenSsh, (await ChoiceAsync(reached)).Kind);
        Directory.Delete(Path.GetDirectoryName(authority.Path)!, recursive: true);
    }

    [Fact]
    public async Task Sshnet_is_chosen_unless_something_needs_openssh_and_then_it_is_said_what()
    {
        using var reached = new Reached();
        Assert.Equal(new TransportChoice(TransportKind.SshNet, ""), await ChoiceAsync(reached));
        var plain = File.ReadAllText(reached.User.Config);
        foreach (var (setting, why) in ((string, string)[])[
            ("ProxyJump other", "ProxyJump"), ("ProxyCommand nc %h %p", "ProxyCommand"), ("CertificateFile /x", "CertificateFile"), ("PKCS11Provider /x", "PKCS11Provider"),
            ("KnownHostsCommand /bin/true", "KnownHostsCommand"), ("BindAddress 127.0.0.1", "BindAddress"), ("BindInterface lo", "BindInterface")])
        {
            File.WriteAllText(reached.User.Config, $"Host desk\n  {setting}\n{plain}");
            var choice = await ChoiceAsync(reached);
            Assert.Equal(TransportKind.OpenSsh, choice.Kind);
            Assert.Contains($"({why})", choice.Why, StringComparison.Ordinal);
        }

        File.WriteAllText(reached.User.Config, plain);
        File.AppendAllText(reached.User.KnownHosts, $"@cert-authority * {reached.User.Key.Public}\n");
        Assert.Contains("@cert-authority", (await ChoiceAsync(reached)).Why, StringComparison.Ordinal);
        File.WriteAllText(reached.User.KnownHosts, "");
        Assert.Equal(new TransportChoice(TransportKind.SshNet, "there is no ssh here"), await TransportChoice.OfAsync(Reached.Desk(default), reached.Options with { Ssh = null }, TestContext.Current.CancellationToken));
        File.Delete(reached.User.Key.Path);
        File.Delete(reached.User.Key.Path + ".pub");
        Assert.Equal("there is no key that sshnet could log in with", (await ChoiceAsync(reached)).Why);
        SshKey.Make(reached.User.Key.Path, passphrase: "x");
        Assert.Contains("has a passphrase and no agent holds it", (await ChoiceAsync(reached)).Why, StringComparison.Ordinal);
        File.WriteAllText(reached.User.Config, "Host desk\n  NoSuchOption x\n");
        Assert.Equal("ssh-config", (await Assert.ThrowsAsync<SeshException>(() => ChoiceAsync(reached))).Code);
    }

    private static Task<TransportChoice> ChoiceAsync(Reached reached) => TransportChoice.OfAsync(Reached.Desk(default), reached.Options, TestContext.Current.CancellationToken);
}
