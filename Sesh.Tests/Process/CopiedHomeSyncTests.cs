using Xunit;

namespace Sesh.Tests.Built;

/// <summary>R8 over real ssh: a home that was cloned, put back from a backup, or merged by hand, and then syncs. Nothing is lost, and it is told.</summary>
public sealed class CopiedHomeSyncTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");

    // Logins have no name but the one that was written with.
    public CopiedHomeSyncTests() => _beta.Sesh.Register("other");

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clone_and_its_original_both_write_and_sync_and_each_has_what_the_other_wrote(bool originalFirst)
    {
        using var clone = new MeshMachine("alpha");
        var uuid = _alpha.Sesh.Register("before");
        _alpha.Dials(_beta);
        _alpha.Sesh.Run("sync").Succeeds();
        Copy(_alpha.Sesh.Home, clone.Sesh.Home);
        clone.Dials(_beta);
        _alpha.Sesh.Run("rename", uuid, "on the first").Succeeds();
        var told = clone.Sesh.Run("rename", uuid, "on the clone");

        Assert.Equal(0, told.Exit);
        Assert.Contains("this home is a copy of another one", told.Error, StringComparison.Ordinal);
        foreach (var machine in originalFirst ? (MeshMachine[])[_alpha, clone, _alpha] : [clone, _alpha, clone])
            machine.Sesh.Run("sync").Succeeds();
        foreach (var machine in (MeshMachine[])[_alpha, clone, _beta])
            Assert.Equal(["on the clone", "on the first"], NamesAt(machine, uuid));
        AreWell(_alpha, clone, _beta);
        // From either end it is seen that two installations call themselves alike.
        Assert.Contains("is of another installation that calls itself 'alpha' as well", _alpha.Sesh.Run("doctor").Output, StringComparison.Ordinal);

        // Whoever decides, decides for all.
        clone.Sesh.Run("rename", uuid, "settled").Succeeds();
        clone.Sesh.Run("sync").Succeeds();
        _alpha.Sesh.Run("sync").Succeeds();
        foreach (var machine in (MeshMachine[])[_alpha, clone, _beta])
            Assert.Equal(["settled"], NamesAt(machine, uuid));
    }

    [Fact]
    public void A_clone_that_is_given_another_name_takes_along_what_it_recorded_and_leaves_the_original_its_own()
    {
        using var clone = new MeshMachine("alpha");
        var before = _alpha.Adopt("before it was copied");
        _alpha.Dials(_beta);
        _alpha.Sesh.Run("sync").Succeeds();
        Copy(_alpha.Sesh.Home, clone.Sesh.Home);
        clone.Dials(_beta);
        var since = clone.Adopt("recorded by the clone");
        clone.Sesh.Run("rename", since, "named before").Succeeds();
        var hidden = clone.Sesh.Register("registered by the clone");
        clone.Sesh.Run("sync").Succeeds();
        Assert.Contains("\"sesh init --machine NEW --rename\" gives this one another name", Warned(clone), StringComparison.Ordinal);

        Assert.Contains("SESH_MACHINE says alpha", clone.Sesh.Run("init", "--machine", "gamma", "--rename").Fails(1), StringComparison.Ordinal);
        clone.Sesh.Environment["SESH_MACHINE"] = "gamma";
        Assert.Contains("\"sesh init --machine gamma --rename\" if it is to be called that", clone.Sesh.Run("rename", since, "x").Fails(1), StringComparison.Ordinal);
        Assert.Contains("beta is another machine's name", clone.Sesh.Shell("SESH_MACHINE=beta sesh init --machine beta --rename").Fails(1), StringComparison.Ordinal);
        var renamed = clone.Sesh.Run("init", "--machine", "gamma", "--rename");
        Assert.Contains("this machine is called gamma", renamed.Succeeds(), StringComparison.Ordinal);
        Assert.Contains("2 sessions recorded here go by it; 1 that this home came with stay", renamed.Error, StringComparison.Ordinal);
        Assert.Equal("machine = \"gamma\"\n", File.ReadAllText(Path.Join(clone.Sesh.Home, "config.toml")));
        // Again nothing changes.
        clone.Sesh.Run("init", "--machine", "gamma", "--rename").Succeeds();

        Assert.Equal([("gamma", "named before"), ("gamma", "registered by the clone"), ("alpha", "before it was copied")], Owners(clone));
        Assert.DoesNotContain("copied", Warned(clone), StringComparison.Ordinal);
        Assert.DoesNotContain("call themselves", Warned(clone), StringComparison.Ordinal);
        Assert.Equal("gamma", clone.Sesh.Run("doctor", "--jq", ".[] | select(.subject == \"machine\") | .message").Output.TrimEnd());
        clone.Sesh.Run("rename", since, "named afterwards").Succeeds();
        clone.Sesh.Run("sync").Succeeds();
        _alpha.Sesh.Run("sync").Succeeds();
        foreach (var machine in (MeshMachine[])[_alpha, clone, _beta])
            Assert.Equal([("gamma", "named afterwards"), ("gamma", "registered by the clone"), ("alpha", "before it was copied")], Owners(machine));
        // Each drives what is its own: here its transcript is read as its own.
        Assert.Contains("recorded by the clone", clone.Sesh.Run("tail", since).Succeeds(), StringComparison.Ordinal);
        Assert.Contains("before it was copied", _alpha.Sesh.Run("tail", before).Succeeds(), StringComparison.Ordinal);
        Assert.Contains("alpha cannot be reached", clone.Sesh.Run("tail", before).Fails(1), StringComparison.Ordinal);
        // What is adopted from now on is the new machine's.
        var later = clone.Adopt("later");
        Assert.Equal("gamma", clone.Sesh.Run("info", later, "--jq", ".machine").Succeeds());
        AreWell(_alpha, clone, _beta);

        (string, string)[] Owners(MeshMachine machine) => [.. ((string[])[since, hidden, before]).Select(u => (machine.Sesh.Run("info", u, "--jq", ".machine").Succeeds(), machine.Sesh.Run("info", u, "--jq", ".name").Succeeds()))];
    }

    [Fact]
    public void A_live_session_of_the_original_stays_live_for_others_whatever_its_clone_says_and_each_is_told_of_the_other()
    {
        using var clone = new MeshMachine("alpha");
        using var agents = new AgentMachine(_alpha.Sesh);
        _alpha.Dials(_beta);
        var uuid = agents.Live();
        _alpha.Sesh.Run("sync").Succeeds();
        Assert.DoesNotContain("another installation", _alpha.Sesh.Run("doctor").Output, StringComparison.Ordinal);
        Copy(_alpha.Sesh.Home, clone.Sesh.Home);
        clone.Dials(_beta);
        Assert.Contains("this home is a copy of another one", Warned(clone), StringComparison.Ordinal);
        clone.Sesh.Run("list").Succeeds();
        clone.Sesh.Run("rename", uuid, "on the clone").Succeeds();
        clone.Sesh.Run("sync").Succeeds();
        Assert.Equal("false", clone.Sesh.Run("info", uuid, "--jq", ".live").Succeeds());
        Assert.Contains("writes under a replica id of its own since", Warned(clone), StringComparison.Ordinal);

        _alpha.Sesh.Run("sync").Succeeds();
        Until.True("the original looked later than its clone began", () =>
        {
            _alpha.Sesh.Run("sync").Succeeds();
            return Warned(_beta).Contains("two installations call themselves 'alpha' and both are in use", StringComparison.Ordinal);
        });
        for (var look = 0; look < 2; look++)
            Assert.Equal("true", _alpha.Sesh.Run("list", "--jq", $".[] | select(.uuid == \"{uuid}\") | .live").Succeeds());
        clone.Sesh.Run("list").Succeeds();
        clone.Sesh.Run("sync").Succeeds();

        Assert.Equal("true", _beta.Sesh.Run("list", "--machine", "alpha", "--jq", $".[] | select(.uuid == \"{uuid}\") | .live").Succeeds());
        Assert.Contains("is of another installation that calls itself 'alpha' as well", Warned(_alpha), StringComparison.Ordinal);
        // And when it ends there, it is ended.
        agents.Tmux("kill-pane", "-t", agents.Field(uuid, "tmux.pane"));
        Until.True("nothing holds it", () => agents.Field(uuid, "live") == "false");
        _alpha.Sesh.Run("sync").Succeeds();
        Assert.Equal("false", _beta.Sesh.Run("info", uuid, "--jq", ".live").Succeeds());
        AreWell(_alpha, clone, _beta);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void A_backup_put_back_gets_again_what_it_had_written_since(bool inPlace, bool writesFirst)
    {
        var (one, two) = (_alpha.Sesh.Register("one"), _alpha.Sesh.Register("two"));
        _alpha.Dials(_beta);
        _alpha.Sesh.Run("sync").Succeeds();
        var backup = Path.Join(_alpha.Sesh.Root, "backup");
        Copy(_alpha.Sesh.Home, backup);
        _alpha.Sesh.Run("rename", one, "after the backup").Succeeds();
        _alpha.Sesh.Run("sync").Succeeds();
        // By rsync in place, so that nothing on this disk tells; or beside it, as most tools do.
        if (inPlace)
            Run("rsync", "-a", "--delete", "--inplace", "--exclude", "own/replicas", backup + "/", _alpha.Sesh.Home + "/");
        else
            Directory.Delete(_alpha.Sesh.Home, recursive: true);
        if (!inPlace)
            Copy(backup, _alpha.Sesh.Home);
        Assert.Equal(["one"], NamesAt(_alpha, one));
        if (writesFirst)
            _alpha.Sesh.Run("rename", two, "before it heard").Succeeds();

        _alpha.Sesh.Run("sync").Succeeds();

        foreach (var machine in (MeshMachine[])[_alpha, _beta])
            Assert.Equal(["after the backup"], NamesAt(machine, one));
        var told = _alpha.Sesh.Run("tag", two, "after-the-restore");
        Assert.Equal(0, told.Exit);
        // What an earlier write has told is not told twice.
        if (inPlace || !writesFirst)
            Assert.Matches("this home (was put back from a backup|is a copy of another one).*new replica id", told.Error);
        _alpha.Sesh.Run("sync").Succeeds();
        foreach (var machine in (MeshMachine[])[_alpha, _beta])
        {
            Assert.Equal([writesFirst ? "before it heard" : "two"], NamesAt(machine, two));
            Assert.Equal("after-the-restore", machine.Sesh.Run("info", two, "--jq", ".tags[0]").Succeeds());
        }

        // Two histories of one document, if it wrote before it heard and nothing told it.
        if (inPlace && writesFirst)
            Assert.Contains("two histories of one document of machine 'alpha' are known", _beta.Sesh.Run("doctor").Output, StringComparison.Ordinal);
        AreWell(_alpha, _beta);
    }

    [Theory]
    [InlineData("cp")]
    [InlineData("rsync")]
    public void Documents_merged_by_hand_and_then_synced_are_the_same_everywhere(string copier)
    {
        var (here, there) = (_alpha.Sesh.Register("here"), _beta.Sesh.Register("there"));
        Carry(copier, _alpha, _beta);
        Carry(copier, _beta, _alpha);
        // Each changes the other's, and an older copy is carried over a newer one.
        var older = Path.Join(_alpha.Sesh.Root, "older");
        Copy(Path.Join(_alpha.Sesh.Home, "docs"), older);
        _alpha.Sesh.Run("rename", there, "renamed on alpha").Succeeds();
        _beta.Sesh.Run("rename", here, "renamed on beta").Succeeds();
        _beta.Sesh.Run("tag", there, "tagged-on-beta").Succeeds();
        foreach (var file in Directory.EnumerateFiles(older))
            File.Copy(file, Path.Join(_alpha.Sesh.Home, "docs", Path.GetFileName(file)), overwrite: true);
        Carry(copier, _alpha, _beta);

        _alpha.Dials(_beta);
        _alpha.Sesh.Run("sync").Succeeds();

        foreach (var machine in (MeshMachine[])[_alpha, _beta])
        {
            Assert.Equal(["renamed on beta"], NamesAt(machine, here));
            Assert.Equal(["renamed on alpha"], NamesAt(machine, there));
            Assert.Equal("tagged-on-beta", machine.Sesh.Run("info", there, "--jq", ".tags[0]").Succeeds());
        }

        Assert.Equal(Documents(_alpha), Documents(_beta));
        AreWell(_alpha, _beta);
    }

    private static IEnumerable<string> Documents(MeshMachine machine) => Directory.EnumerateFiles(Path.Join(machine.Sesh.Home, "docs")).Order(StringComparer.Ordinal)
        .Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}");

    private static string[] NamesAt(MeshMachine machine, string uuid) =>
        [.. machine.Sesh.Run("info", uuid, "--jq", "[.name, (.conflicts[]? | select(.field == \"name\") | .value)] | join(\"\\n\")").Succeeds().Split('\n').Order(StringComparer.Ordinal)];

    // With the exit status that no failure gives.
    private static string Warned(MeshMachine machine)
    {
        var told = machine.Sesh.Run("doctor").Succeeds();
        return string.Join('\n', told.Split('\n').Where(l => l.StartsWith("warn", StringComparison.Ordinal)));
    }

    private static void AreWell(params MeshMachine[] machines)
    {
        foreach (var machine in machines)
            Assert.DoesNotContain("fail", machine.Sesh.Run("doctor").Output, StringComparison.Ordinal);
    }

    private static void Carry(string copier, MeshMachine from, MeshMachine to)
    {
        var (source, target) = (Path.Join(from.Sesh.Home, "docs"), Path.Join(to.Sesh.Home, "docs"));
        if (copier == "rsync")
            Run("rsync", "-a", source + "/", target + "/");
        else
            Run("cp", "-r", source + "/.", target);
    }

    private static void Copy(string from, string to) => Run("cp", "-a", from, to);

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
