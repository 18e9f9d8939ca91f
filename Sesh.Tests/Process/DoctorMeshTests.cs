using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>What <c>doctor</c> finds of the daemon and of other machines, over a real sshd.</summary>
public sealed class DoctorMeshTests
{
    [Theory]
    [InlineData("sshnet")]
    [InlineData("openssh")]
    public void A_peer_is_told_of_from_both_ends(string transport)
    {
        using var machines = new TwoMachines();
        machines.Alpha.Run("peer", "add", "beta", "beta", "--transport", transport).Succeeds();
        Assert.Equal(0, machines.Alpha.Run("doctor").Exit);
        File.AppendAllText(Path.Join(machines.Beta.Home, "config.toml"), "[agents]\nclaude = \"/nowhere\"\n");

        var doctor = machines.Alpha.Run("doctor", "--json");
        Assert.Equal(1, doctor.Exit);
        var findings = Findings(doctor.Output);
        var (health, message) = findings["beta"];
        Assert.Equal("ok", health);
        Assert.Matches($@"^reached by {transport}, \d+ ms away; lets this machine drive, may sync here$", message);
        // What is wrong there is told here, and what is well is not.
        Assert.Equal("fail", findings["beta: claude"].Health);
        Assert.Contains("/nowhere", findings["beta: claude"].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("beta: documents", findings.Keys);
        // Where nobody runs an agent, it is not missed.
        Assert.DoesNotContain("beta: pi", findings.Keys);
    }

    [Fact]
    public void A_peer_that_is_off_makes_the_answer_partial_and_one_that_refuses_us_makes_it_fail()
    {
        using var machines = new TwoMachines();
        machines.Alpha.Run("peer", "add", "beta", "beta").Succeeds();
        machines.Alpha.Run("peer", "add", "phone").Succeeds();
        machines.Sshd.Stop();
        var off = machines.Alpha.Run("doctor", "--json");
        Assert.Equal(5, off.Exit);
        using (var json = JsonDocument.Parse(off.Output))
        {
            var away = json.RootElement.GetProperty("unreachable").EnumerateArray().Single();
            Assert.Equal(("beta", "unreachable"), (away.GetProperty("machine").GetString(), away.GetProperty("code").GetString()));
            var findings = Findings(json.RootElement.GetProperty("results").GetRawText());
            Assert.Equal("warn", findings["beta"].Health);
            Assert.Equal(("ok", "dials in, and may all that its login may; no link of its is open; never heard of"), findings["phone"]);
        }

        Assert.Contains("cannot reach beta", machines.Alpha.Run("doctor").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_refuses_our_login_is_a_fault()
    {
        using var machines = new TwoMachines(mayLogIn: false);
        machines.Alpha.Run("peer", "add", "beta", "beta", "--no-connect").Succeeds();
        var refused = machines.Alpha.Run("doctor");
        Assert.Equal(1, refused.Exit);
        Assert.Matches(@"(?m)^fail\s+beta\s+beta \(127\.0\.0\.1\) refuses the login", refused.Output);
    }

    [Fact]
    public void The_daemon_is_told_of_and_so_is_an_agent_that_it_does_not_find()
    {
        using var sesh = new BuiltSesh("alpha");
        Assert.Equal(("ok", "does not run; nothing needs it but hooks"), Findings(sesh.Run("doctor", "--json").Output)["daemon"]);
        using var daemon = new RunningDaemon(sesh);
        daemon.Start();
        var same = Findings(sesh.Run("doctor", "--json").Output)["daemon"];
        Assert.Equal(("ok", $"runs as process {daemon.Pid}; no peers"), same);

        var bin = Directory.CreateDirectory(Path.Join(sesh.UserHome, "more")).FullName;
        File.WriteAllText(Path.Join(bin, "pi"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Join(bin, "pi"), (UnixFileMode)0b111_101_101);
        sesh.Environment["PATH"] = $"{bin}:{sesh.Environment["PATH"]}";
        Assert.Contains($"finds no pi, which this shell finds at {bin}/pi", sesh.Run("doctor").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_file_is_told_once_and_the_rest_is_looked_at_all_the_same()
    {
        using var sesh = new BuiltSesh("alpha");
        sesh.Register("one");
        File.WriteAllText(Path.Join(sesh.Home, "peers.json"), "{broken");
        var broken = sesh.Run("doctor");
        Assert.Equal(1, broken.Exit);
        Assert.Single(broken.Output.Split('\n'), line => line.StartsWith("fail", StringComparison.Ordinal));
        Assert.Matches(@"(?m)^ok\s+documents\s+\d+ read to the last byte", broken.Output);
        File.Delete(Path.Join(sesh.Home, "peers.json"));
        File.WriteAllText(Path.Join(sesh.Home, "config.toml"), "[[hooks]]\nevent = \"frob\"\ncommand = \"x\"\n");
        var config = sesh.Run("doctor");
        Assert.Equal(1, config.Exit);
        Assert.Matches(@"(?m)^fail\s+config\s+.*config.toml:2:\d+: unknown event frob", config.Output);
        Assert.Matches(@"(?m)^ok\s+ssh\s", config.Output);
    }

    private static Dictionary<string, (string Health, string Message)> Findings(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateArray()
            .GroupBy(f => f.GetProperty("subject").GetString()!)
            .ToDictionary(g => g.Key, g => (g.Last().GetProperty("health").GetString()!, g.Last().GetProperty("message").GetString()!));
    }
}
