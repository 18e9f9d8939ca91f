using System.Text.Json;
using Sesh.Sessions.Mesh;
using Sesh.Sync.Transports;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Setting up a machine that has but sshd, for real: an account whose home holds nothing but a line in authorized_keys.</summary>
public sealed class PeerInstallTests
{
    [Theory]
    [InlineData("sshnet")]
    [InlineData("openssh")]
    public void A_machine_with_but_sshd_becomes_a_peer_and_a_second_run_changes_nothing(string transport)
    {
        using var machines = new TwoMachines(installed: false);
        var ours = machines.Alpha.Register("of alpha");
        var first = machines.Alpha.Run("peer", "install", "beta", "beta", "--transport", transport, "--json");
        var did = Did(first);
        Assert.Equal(4, did.Count);
        Assert.Matches(@"^copied sesh 0\.1\.0 to ~/\.local/lib/sesh \(\d+\.\d MB\), linked from ~/\.local/bin$", did[0]);
        Assert.Equal(["named it beta", "added alpha there, as a machine that dials in", "added here"], did.Skip(1));
        var sesh = Path.Join(machines.Beta.UserHome, ".local", "bin", "sesh");
        Assert.Equal("../lib/sesh/sesh", new FileInfo(sesh).LinkTarget);
        Assert.Equal(
            Directory.GetFiles(Path.GetDirectoryName(BuiltSesh.Binary)!, "*.so").Select(Path.GetFileName).Append("sesh").Order(),
            Directory.GetFiles(Path.Join(machines.Beta.UserHome, ".local", "lib", "sesh")).Select(Path.GetFileName).Order());
        Assert.Contains("of alpha", machines.Beta.Run("info", ours).Succeeds(), StringComparison.Ordinal);
        Assert.StartsWith("alpha\tdials in", machines.Beta.Run("peer").Succeeds(), StringComparison.Ordinal);

        var before = Everything(machines.Beta.UserHome);
        Assert.Empty(Did(machines.Alpha.Run("peer", "install", "beta", "beta", "--json")));
        Assert.Equal(before, Everything(machines.Beta.UserHome));
        Assert.Contains("nothing was changed", machines.Alpha.Run("peer", "install", "beta", "beta").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/dash")]
    [InlineData("/usr/bin/fish")]
    [InlineData("/bin/csh")]
    public void The_login_shell_may_be_any(string shell)
    {
        using var reached = new Ssh.Reached(shell);
        File.Delete(Path.Join(reached.Sshd.Home, ".local", "bin", "sesh"));
        var machine = new RemoteMachine(Ssh.Reached.Desk(TransportKind.OpenSsh), reached.Options, TestContext.Current.CancellationToken);
        var copy = new ProgramCopy(machine, BuiltSesh.Binary, Sesh.Commands.Product.Version);
        Assert.StartsWith("copied", copy.Bring(), StringComparison.Ordinal);
        Assert.Null(copy.Bring());
        Assert.Equal($"{Sesh.Commands.Product.Version}\n", machine.Sesh("--version"));
    }

    [Fact]
    public void An_older_or_damaged_copy_is_replaced()
    {
        using var machines = new TwoMachines(installed: false);
        machines.Alpha.Run("peer", "install", "beta", "beta").Succeeds();
        var sesh = Path.Join(machines.Beta.UserHome, ".local", "lib", "sesh", "sesh");
        File.AppendAllText(sesh, "more");
        var did = Did(machines.Alpha.Run("peer", "install", "beta", "beta", "--json"));
        Assert.StartsWith("copied", Assert.Single(did), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(BuiltSesh.Binary), File.ReadAllBytes(sesh));
    }

    [Fact]
    public void A_sesh_that_somebody_else_installed_there_is_used_as_it_is()
    {
        using var machines = new TwoMachines(installed: true);
        Assert.Equal(["added alpha there, as a machine that dials in", "added here"], Did(machines.Alpha.Run("peer", "install", "beta", "beta", "--remote-sesh", "~/.local/bin/sesh", "--json")));
    }

    [Fact]
    public void A_file_in_the_place_of_the_link_is_not_overwritten()
    {
        using var machines = new TwoMachines(installed: false);
        var place = Path.Join(Directory.CreateDirectory(Path.Join(machines.Beta.UserHome, ".local", "bin")).FullName, "sesh");
        File.WriteAllText(place, "somebody's");
        Assert.Contains("a file of somebody's", machines.Alpha.Run("peer", "install", "beta", "beta").Fails(1), StringComparison.Ordinal);
        Assert.Equal("somebody's", File.ReadAllText(place));
        Assert.Equal("", machines.Alpha.Run("peer").Succeeds());
    }

    [Fact]
    public void A_machine_of_another_architecture_is_told_where_to_get_one()
    {
        using var machines = new TwoMachines(installed: false);
        var bin = Directory.CreateDirectory(Path.Join(machines.Beta.UserHome, "bin")).FullName;
        File.WriteAllText(Path.Join(bin, "uname"), "#!/bin/sh\necho Linux riscv64\n");
        File.SetUnixFileMode(Path.Join(bin, "uname"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Join(machines.Beta.UserHome, ".bashrc"), "PATH=$HOME/bin:$PATH\n");
        var failed = machines.Alpha.Run("peer", "install", "beta", "beta").Fails(1);
        Assert.Contains("beta is Linux riscv64, and this sesh is built for Linux ", failed, StringComparison.Ordinal);
        Assert.Contains("scripts/install", failed, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(machines.Beta.UserHome, ".local")));
    }

    [Fact]
    public void A_machine_that_has_another_name_keeps_it()
    {
        using var machines = new TwoMachines();
        var failed = machines.Alpha.Run("peer", "install", "gamma", "beta").Fails(1);
        Assert.Contains("already called beta", failed, StringComparison.Ordinal);
    }

    [Fact]
    public void With_our_address_it_dials_us_by_a_key_that_may_run_sesh_alone()
    {
        using var machines = new TwoMachines(installed: false, dialsBack: true);
        var back = $"ssh://{Sshd.User}@127.0.0.1:{machines.BackSshd!.Port}";
        string[] install = ["peer", "install", "beta", "beta", "--back", back, "--back-host-key", machines.BackSshd.HostKeys[0].Fingerprint, "--allow", "read", "--json"];
        Assert.Contains("sesh init --machine alpha", machines.Alpha.Run(install).Fails(1), StringComparison.Ordinal);
        machines.Alpha.Run("init", "--machine", "alpha").Succeeds();
        Assert.Equal(5, Did(machines.Alpha.Run(install)).Count);
        var line = File.ReadAllText(machines.BackSshd.Authorized);
        Assert.Matches("^restrict,command=\"'/[^']+/sesh' --home '[^']+' serve --peer beta --allow read\" ssh-ed25519 [A-Za-z0-9+/=]+ sesh:beta\\n$", line);

        var theirs = machines.Beta.Register("of beta");
        var tested = JsonDocument.Parse(machines.Beta.Run("peer", "test", "alpha", "--json").Succeeds()).RootElement;
        Assert.Equal(("alpha", "read"), (tested.GetProperty("machine").GetString(), tested.GetProperty("granted").GetString()));
        machines.Beta.Run("sync", "alpha").Succeeds();
        Assert.Contains("of beta", machines.Alpha.Run("info", theirs).Succeeds(), StringComparison.Ordinal);
        Assert.Empty(Did(machines.Alpha.Run(install)));
        Assert.Equal(line, File.ReadAllText(machines.BackSshd.Authorized));
    }

    [Fact]
    public void Under_our_address_it_must_find_us()
    {
        using var machines = new TwoMachines(installed: false, dialsBack: true);
        machines.Alpha.Run("init", "--machine", "alpha").Succeeds();
        var failed = machines.Alpha.Run("peer", "install", "beta", "beta", "--back", $"ssh://{Sshd.User}@127.0.0.1:{machines.BackSshd!.Port}").Fails(1);
        Assert.Contains("whose host key is none of this one's", failed, StringComparison.Ordinal);
        Assert.Contains(machines.BackSshd.HostKeys[0].Fingerprint, failed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_with_a_passphrase_is_asked_for_once_and_the_link_gets_a_key_of_its_own()
    {
        using var machines = new TwoMachines(mayLogIn: false, installed: false);
        var secret = SshKey.Make(Path.Join(machines.User.Folder, "secret"), passphrase: "open sesame");
        machines.Sshd.Authorize(secret);
        machines.User.AddToConfig($"Host beta\n  IdentityFile {secret.Path}\n");
        File.Delete(machines.User.Key.Path);
        File.Delete(machines.User.Key.Path + ".pub");
        Assert.Contains("has a passphrase and no agent holds it", machines.Alpha.Run("peer", "install", "beta", "beta").Fails(1), StringComparison.Ordinal);

        var asked = 0;
        var screen = machines.Alpha.OnTerminal("sesh peer install beta beta", (seen, type) =>
        {
            if (asked == 0 && seen.Contains("Enter passphrase", StringComparison.Ordinal))
            {
                asked++;
                type("open sesame\n");
            }
        });
        Assert.Contains("authorized", screen, StringComparison.Ordinal);
        Assert.Equal(1, asked);
        var peer = JsonDocument.Parse(machines.Alpha.Run("peer", "--json").Succeeds()).RootElement[0];
        Assert.Equal(("sshnet", Path.Join(machines.Alpha.Home, "link_ed25519")), (peer.GetProperty("transport").GetString(), peer.GetProperty("identity").GetString()));
        machines.Alpha.Run("peer", "test", "beta").Succeeds();
        Assert.EndsWith(" sesh:alpha", File.ReadAllLines(machines.Sshd.Authorized)[^1], StringComparison.Ordinal);
    }

    private static IReadOnlyList<string?> Did(Ran ran) =>
        [.. JsonDocument.Parse(ran.Succeeds()).RootElement.GetProperty("did").EnumerateArray().Select(d => d.GetString())];

    // Names, sizes and times of what an installation is; what sesh itself keeps of contacts may be newer.
    private static IReadOnlyList<string> Everything(string home) =>
        [.. Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f} {new FileInfo(f).Length} {File.GetLastWriteTimeUtc(f):O}")];
}
