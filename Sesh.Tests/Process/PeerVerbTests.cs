using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>The peer verbs, between two homes over a real sshd.</summary>
public sealed class PeerVerbTests
{
    [Theory]
    [InlineData("sshnet")]
    [InlineData("openssh")]
    public void After_one_peer_add_each_lists_what_the_other_had(string transport)
    {
        using var machines = new TwoMachines();
        var (ours, theirs) = (machines.Alpha.Register("of alpha"), machines.Beta.Register("of beta"));
        var added = machines.Alpha.Run("peer", "add", "beta", "beta", "--transport", transport).Succeeds();
        Assert.Matches($@"^added beta \(beta, {transport}\): sesh 0\.1\.0, \d+ ms away; \d+ received, \d+ sent$", added);
        Assert.Contains("of beta", machines.Alpha.Run("info", theirs).Succeeds(), StringComparison.Ordinal);
        Assert.Contains("of alpha", machines.Beta.Run("info", ours).Succeeds(), StringComparison.Ordinal);
        var row = machines.Alpha.Run("peer").Succeeds().Split('\t');
        Assert.Equal(["beta", "beta", transport, "sync", "drive"], row[..5]);
        Assert.StartsWith("20", row[5], StringComparison.Ordinal);
        Assert.Equal(["0", ""], row[6..]);
    }

    [Fact]
    public void An_unknown_host_key_needs_its_fingerprint_where_nobody_can_be_asked()
    {
        using var machines = new TwoMachines(knows: false);
        var fingerprint = machines.Sshd.HostKeys[0].Fingerprint;
        var refused = machines.Alpha.Run("peer", "add", "beta", "beta").Fails(1);
        Assert.Contains($"sesh peer add beta beta --host-key {fingerprint}", refused, StringComparison.Ordinal);
        Assert.Equal("", machines.Alpha.Run("peer").Succeeds());
        var wrong = machines.Alpha.Run("peer", "add", "beta", "beta", "--host-key", "SHA256:" + new string('A', 43)).Fails(1);
        Assert.Contains("another host key", wrong, StringComparison.Ordinal);
        machines.Alpha.Run("peer", "add", "beta", "beta", "--host-key", fingerprint).Succeeds();
        Assert.Equal($"{machines.Sshd.KnownHost()} sesh:beta\n", File.ReadAllText(Path.Join(machines.Alpha.Home, "known_hosts")));
        Assert.Equal("", File.ReadAllText(machines.User.KnownHosts));
        // The other transport reads the same file.
        machines.Alpha.Run("peer", "add", "beta", "--transport", "openssh").Succeeds();
        machines.Alpha.Run("peer", "test", "beta").Succeeds();
    }

    [Fact]
    public void After_one_peer_add_the_dialled_side_deletes_what_the_dialling_one_owns()
    {
        using var machines = new TwoMachines();
        var session = machines.Alpha.Register("of alpha");
        machines.Alpha.Run("peer", "add", "beta", "beta").Succeeds();
        machines.Beta.Run("delete", session).Succeeds();
        machines.Alpha.Run("sync").Succeeds();
        Assert.Contains("no session matches", machines.Alpha.Run("find", session).Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void While_a_link_is_open_both_ends_list_it_as_connected_and_afterwards_by_the_last_contact()
    {
        using var machines = new TwoMachines();
        using var daemon = new RunningDaemon(machines.Alpha);
        machines.Beta.Run("peer", "add", "alpha").Succeeds();
        machines.Alpha.Run("peer", "add", "beta", "beta").Succeeds();
        Assert.False(IsConnected(machines.Alpha));
        Assert.StartsWith("20", machines.Beta.Run("peer").Succeeds().Split('\t')[5], StringComparison.Ordinal);
        daemon.Start();
        Until.True("alpha shows it", () => IsConnected(machines.Alpha));
        Until.True("beta shows it", () => IsConnected(machines.Beta));
        // Who only dials in is exchanged with over its own link.
        Assert.StartsWith("alpha\t", machines.Beta.Run("sync").Succeeds(), StringComparison.Ordinal);
        machines.Alpha.Run("daemon", "stop").Succeeds();
        Assert.False(IsConnected(machines.Alpha));
        Until.True("beta has noticed", () => !IsConnected(machines.Beta));

        static bool IsConnected(BuiltSesh sesh)
        {
            using var list = JsonDocument.Parse(sesh.Run("peer", "list", "--json").Succeeds());
            return list.RootElement.EnumerateArray().Single().GetProperty("connected").GetBoolean();
        }
    }

    [Fact]
    public void A_machine_that_dialled_in_and_stands_still_is_said_to_be_silent()
    {
        using var machines = new TwoMachines();
        using var daemon = new RunningDaemon(machines.Alpha);
        machines.Beta.Run("peer", "add", "alpha").Succeeds();
        machines.Alpha.Run("peer", "add", "beta", "beta").Succeeds();
        daemon.Start();
        Until.True("alpha's link is open at beta", () => machines.Beta.Run("peer", "test", "alpha").Exit == 0);
        Assert.Matches(@"(?m)^ok\s+alpha\s+dials in, and its link is open, \d+ ms away", machines.Beta.Run("doctor").Output);
        Signal.Send(daemon.Pid!.Value, Signal.Stop);
        Assert.Contains("alpha's own link is open here, and nothing comes back over it", machines.Beta.Run("peer", "test", "alpha").Fails(1), StringComparison.Ordinal);
        var doctor = machines.Beta.Run("doctor");
        Assert.Equal(5, doctor.Exit);
        Assert.Matches(@"(?m)^warn\s+alpha\s+alpha's own link is open here, and nothing comes back over it", doctor.Output);
    }

    [Fact]
    public void What_waits_for_a_daemon_that_stands_still_says_so_and_goes_on_without_it()
    {
        using var machines = new TwoMachines();
        using var daemon = new RunningDaemon(machines.Alpha);
        var uuid = Transcripts.Claude(machines.Beta, "hello there");
        machines.Beta.Run("adopt").Succeeds();
        machines.Alpha.Run("peer", "add", "beta", "beta").Succeeds();
        daemon.Start();
        var pid = daemon.Pid!.Value;
        Assert.Equal("", machines.Alpha.Run("sync").Error);
        Signal.Send(pid, Signal.Stop);
        foreach (var words in (string[][])[["sync"], ["peer", "list"], ["tail", uuid]])
        {
            var went = machines.Alpha.Run(words);
            Assert.NotEqual("", went.Succeeds());
            Assert.True(went.Error.Contains($"sesh: the daemon (process {pid}) does not answer; waiting a few seconds for it\n", StringComparison.Ordinal), $"{words[0]}: {went}");
            if (words[0] != "tail")
                Assert.Contains("sesh: going on without the daemon; \"sesh daemon restart\" starts it anew\n", went.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void On_a_terminal_the_fingerprint_is_shown_and_asked_about()
    {
        using var machines = new TwoMachines(knows: false);
        var answers = new Queue<string>(["y", "yes"]);
        var screen = machines.Alpha.OnTerminal("sesh peer add beta beta", (seen, type) =>
        {
            var questions = seen.Split("accept it?").Length - 1;
            if (questions > 2 - answers.Count && answers.TryDequeue(out var answer))
                type(answer + "\n");
        });
        Assert.Contains(machines.Sshd.HostKeys[0].Fingerprint, screen, StringComparison.Ordinal);
        Assert.Contains("type yes, no, or the fingerprint", screen, StringComparison.Ordinal);
        Assert.Contains("added beta", screen, StringComparison.Ordinal);
        machines.Alpha.Run("peer", "test", "beta").Succeeds();
    }

    [Fact]
    public void Openssh_is_taken_where_the_way_leads_over_another_machine_and_it_is_said_why()
    {
        using var machines = new TwoMachines();
        machines.User.Names(machines.Sshd, "jump");
        machines.User.AddToConfig("Host beta\n  ProxyJump jump\n");
        // The ssh that goes ahead to the jump host is started by ssh, by the name that it was itself called by.
        var ran = machines.Alpha.Run("peer", "add", "beta", "beta", "--no-connect");
        ran.Succeeds();
        Assert.Contains("transport openssh: the way leads over another machine (ProxyJump)", ran.Error, StringComparison.Ordinal);
        Assert.Equal("openssh", machines.Alpha.Run("peer").Succeeds().Split('\t')[2]);
    }

    [Fact]
    public void A_machine_that_calls_itself_something_else_is_refused()
    {
        using var machines = new TwoMachines();
        var failed = machines.Alpha.Run("peer", "add", "gamma", "beta").Fails(1);
        Assert.Contains("calls itself beta", failed, StringComparison.Ordinal);
        Assert.Equal("", machines.Alpha.Run("peer").Succeeds());
    }

    [Fact]
    public void What_is_given_again_is_changed_and_the_rest_stays()
    {
        using var machines = new TwoMachines();
        machines.Alpha.Run("peer", "add", "beta", "beta", "--relay", "--remote-home", machines.Beta.Home).Succeeds();
        var again = machines.Alpha.Run("peer", "add", "beta", "--allow", "drive");
        Assert.StartsWith("changed beta", again.Succeeds(), StringComparison.Ordinal);
        Assert.Contains("RUNNING CODE AS YOU", again.Error, StringComparison.Ordinal);
        var peer = JsonDocument.Parse(machines.Alpha.Run("peer", "--json").Succeeds()).RootElement[0];
        Assert.Equal("drive", peer.GetProperty("allow").GetString());
        Assert.True(peer.GetProperty("relay").GetBoolean());
        Assert.Equal(machines.Beta.Home, peer.GetProperty("remoteHome").GetString());
    }

    [Fact]
    public void A_test_tells_each_step_and_where_it_failed()
    {
        using var machines = new TwoMachines();
        machines.Alpha.Run("peer", "add", "beta", "beta", "--no-connect").Succeeds();
        var lines = machines.Alpha.Run("peer", "test", "beta").Succeeds().Split('\n');
        Assert.Equal(["resolve", "connect", "hello", "round", "ok:"], lines.Select(l => l.StartsWith("ok  ", StringComparison.Ordinal) ? l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] : l[..3]));
        var json = JsonDocument.Parse(machines.Alpha.Run("peer", "test", "beta", "--json").Succeeds()).RootElement;
        Assert.Equal(("beta", "drive", 1), (json.GetProperty("machine").GetString(), json.GetProperty("granted").GetString(), json.GetProperty("protocol").GetInt32()));
        machines.Sshd.Stop();
        var failed = machines.Alpha.Run("peer", "test", "beta");
        Assert.Contains("nothing listens", failed.Fails(1), StringComparison.Ordinal);
        Assert.Contains("resolve", failed.Output, StringComparison.Ordinal);
        Assert.Contains("nothing listens", machines.Alpha.Run("peer").Succeeds(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_only_dials_in_is_listed_and_not_dialled()
    {
        using var alpha = new BuiltSesh();
        alpha.Run("peer", "add", "phone").Succeeds();
        Assert.Equal("phone\tdials in\t\tsync\t\t\t\t", alpha.Run("peer", "list").Output.TrimEnd('\n'));
        Assert.Contains("phone has no address here, so it dials in, and no link of its is open; never heard of", alpha.Run("peer", "test", "phone").Fails(1), StringComparison.Ordinal);
        Assert.Equal("removed phone", alpha.Run("peer", "remove", "phone").Succeeds());
        Assert.Contains("no peer is called phone", alpha.Run("peer", "remove", "phone").Fails(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("read")]
    [InlineData("drive")]
    public void A_key_that_is_authorized_reaches_sesh_with_that_grant_and_nothing_else(string grant)
    {
        using var machines = new TwoMachines(mayLogIn: false);
        machines.Beta.Run("peer", "authorize", machines.User.Key.Path).Fails(2);
        Assert.Contains("private half", machines.Beta.Run("peer", "authorize", machines.User.Key.Path, "--allow", grant).Fails(2), StringComparison.Ordinal);
        var authorized = machines.Beta.Run("peer", "authorize", machines.User.Key.Path + ".pub", "--allow", grant, "--name", "alpha");
        Assert.Equal($"{machines.User.Key.Fingerprint} may {grant} here, as alpha", authorized.Succeeds());
        Assert.Equal(grant == "drive", authorized.Error.Contains("RUNNING CODE AS YOU", StringComparison.Ordinal));
        machines.Alpha.Run("peer", "add", "beta", "beta").Succeeds();
        Assert.Equal(grant, JsonDocument.Parse(machines.Alpha.Run("peer", "test", "beta", "--json").Succeeds()).RootElement.GetProperty("granted").GetString());
        // Whatever is asked for, it is sesh that answers; and under another name it does not.
        Assert.DoesNotContain("escaped", machines.Alpha.Shell("ssh -o BatchMode=yes beta echo escaped </dev/null").Output, StringComparison.Ordinal);
        machines.Alpha.Environment["SESH_MACHINE"] = "gamma";
        machines.Alpha.Environment["SESH_HOME"] = Path.Join(machines.Alpha.Root, "gamma");
        machines.Alpha.Run("peer", "add", "beta", "beta").Fails(1);
    }

    [Fact]
    public void A_machine_that_is_forgotten_leaves_its_records_and_no_states()
    {
        using var machines = new TwoMachines(knows: false);
        var theirs = machines.Beta.Register("of beta");
        machines.Alpha.Run("peer", "add", "beta", "beta", "--host-key", machines.Sshd.HostKeys[0].Fingerprint).Succeeds();
        machines.Alpha.Run("peer", "remove", "beta").Succeeds();
        var forgot = JsonDocument.Parse(machines.Alpha.Run("peer", "forget", "beta", "--json").Succeeds()).RootElement;
        Assert.Equal(1, forgot.GetProperty("hostKeys").GetInt32());
        Assert.Equal(1, forgot.GetProperty("states").GetInt32());
        Assert.Empty(Directory.GetFiles(Path.Join(machines.Alpha.Home, "live"), "beta.*"));
        Assert.Equal("", File.ReadAllText(Path.Join(machines.Alpha.Home, "known_hosts")));
        Assert.Contains("of beta", machines.Alpha.Run("info", theirs).Succeeds(), StringComparison.Ordinal);
        machines.Alpha.Run("peer", "forget", "alpha").Fails(1);
        machines.Alpha.Run("peer", "forget", "nobody").Fails(1);
    }

    [Theory]
    [InlineData("peer", "add", "alpha", "desk")]
    [InlineData("peer", "add", "../x", "desk")]
    [InlineData("peer", "add", "desk", "--", "-oProxyCommand=touch /tmp/x")]
    [InlineData("peer", "add", "desk", "me@-oProxyCommand=x")]
    [InlineData("peer", "add", "desk", "de\u001bsk")]
    [InlineData("peer", "add", "desk", "desk", "--port", "0")]
    [InlineData("peer", "add", "desk", "desk", "--port", "65536")]
    [InlineData("peer", "add", "desk", "desk", "--host-key", "MD5:00")]
    [InlineData("peer", "add", "desk", "desk", "--identity", "/no/such/key")]
    [InlineData("peer", "add", "desk", "desk", "--remote-sesh", "/x; reboot")]
    [InlineData("peer", "add", "desk", "desk", "--remote-home", "$(reboot)")]
    [InlineData("peer", "add", "desk", "desk", "--allow", "all")]
    [InlineData("peer", "add", "desk", "desk", "--relay", "--no-relay")]
    public void What_is_wrong_is_refused_before_anything_is_tried(params string[] words)
    {
        using var alpha = new BuiltSesh();
        alpha.Run(words).Fails(2);
        Assert.Equal("", alpha.Run("peer").Succeeds());
    }
}
