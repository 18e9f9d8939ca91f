using System.Diagnostics;
using Sesh.Tests.Commands;
using Xunit;

namespace Sesh.Tests.Bad;

/// <summary>
/// Homes that are not as they should be: on a read-only, a full, a case-folding disk, of another user, with foreign and newer files, under a clock that was set back.
/// Disks are mounted in a name space of their own, so they need root; without it these tests are skipped, and say so.
/// </summary>
public sealed class BadHomeTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";

    private readonly CommandWorld _world = new();

    public BadHomeTests() => _world.Add(One, "first");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void On_a_read_only_disk_everything_can_be_looked_at_and_nothing_changed()
    {
        var shell = Mounted("mount --bind \"$SESH_HOME\" \"$SESH_HOME\" && mount -o remount,ro,bind \"$SESH_HOME\"");

        Assert.Equal((0, "first\n", ""), shell("sesh list --columns name"));
        Assert.Equal(0, shell($"sesh info {One}").Status);
        Assert.Equal(0, shell($"sesh history {One}").Status);
        foreach (var writing in (string[])[$"sesh rename {One} x", $"sesh tag {One} t", $"sesh delete {One}", "sesh undo", $"sesh register {One} --agent claude --name y"])
        {
            var (status, output, error) = shell(writing);
            Assert.Equal((1, ""), (status, output));
            Assert.Contains("read-only", error, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("cannot be written", shell("sesh doctor").Output, StringComparison.Ordinal);
        Assert.Equal("first\n", _world.Do("list", "--columns", "name"));
    }

    [Fact]
    public void On_a_full_disk_a_change_is_refused_whole_and_works_again_when_there_is_room()
    {
        var shell = Mounted("mount -t tmpfs -o size=256k,mode=700 tmpfs \"$SESH_HOME\"");

        var (status, output, error) = shell(
            $"""
            sesh register {One} --agent claude --name first -q
            cat /dev/zero > "$SESH_HOME/filler" 2>/dev/null
            n=0; while sesh rename {One} "n$n $(head -c 900 /dev/zero | tr '\0' x)" 2>err && [ $n -lt 50 ]; do n=$((n + 1)); done
            cat err
            [ "$(sesh list --columns name | cut -d' ' -f1)" = "n$((n - 1))" ] && echo "the last that was acknowledged is there"
            rm "$SESH_HOME/filler"
            sesh rename {One} again && sesh list --columns name
            """);

        Assert.Equal(0, status);
        Assert.Matches($"^{One}\nsesh: [^\n]*(space|full)[^\n]*\nthe last that was acknowledged is there\nagain\n$", output);
        Assert.Equal("", error);
    }

    [Fact]
    public void A_home_of_another_user_is_refused()
    {
        NeedsRoot();
        var (status, _, error) = Shell("chown 65534 \"$SESH_HOME\" && sesh list");

        Assert.Equal(1, status);
        Assert.Contains("belongs to", error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_case_folding_disk_two_machines_that_differ_in_case_stay_apart()
    {
        using var other = new CommandWorld("ALPHA");
        other.Add("8b7b4450-0000-4000-8000-000000000009", "other", machine: "ALPHA");
        var shell = Mounted("mount -t tmpfs -o casefold,mode=700 tmpfs \"$SESH_HOME\" && mkdir \"$SESH_HOME/docs\" && chattr +F \"$SESH_HOME/docs\"", skip: "no file system here folds case: tmpfs casefold was tried");
        foreach (var document in Directory.GetFiles(Path.Join(other.Home, "docs")))
            File.Copy(document, Path.Join(_world.Root, Path.GetFileName(document)));

        Assert.Equal("other\n", shell("cp \"$HOME\"/*.sesh \"$SESH_HOME/docs/\" && sesh list --columns name").Output);
    }

    [Fact]
    public void No_two_files_of_two_homes_differ_in_case_alone()
    {
        using var other = new CommandWorld("ALPHA");
        other.Add("8b7b4450-0000-4000-8000-000000000009", "other", machine: "ALPHA");
        _world.Do("list");
        other.Do("list");
        string[] shared = ["docs", "live"];
        var names = shared.SelectMany(folder => new[] { _world.Home, other.Home }.SelectMany(home => Directory.GetFiles(Path.Join(home, folder)).Select(f => $"{folder}/{Path.GetFileName(f)}"))).ToList();

        Assert.True(names.Count >= 4, string.Join(", ", names));
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public void Foreign_files_in_docs_are_left_alone()
    {
        var docs = Path.Join(_world.Home, "docs");
        File.WriteAllText(Path.Join(docs, "notes.txt"), "mine");
        File.WriteAllText(Path.Join(docs, "beta.0123456789abcdef0123456789abcdef.sesh"), "not a document");
        File.WriteAllText(Path.Join(docs, ".DS_Store"), "\0\0");
        Directory.CreateDirectory(Path.Join(docs, "folder.sesh"));
        File.CreateSymbolicLink(Path.Join(docs, "loop.sesh"), Path.Join(docs, "loop.sesh"));
        foreach (var own in Directory.GetFiles(docs, "alpha.*.sesh"))
            File.Copy(own, own.Replace(".sesh", ".sync-conflict-20261122-101010-ABCDEFG.sesh", StringComparison.Ordinal));

        Assert.Equal("first\n", _world.Do("list", "--columns", "name"));
        _world.Do("rename", One, "second");
        Assert.Equal("second\n", _world.Do("list", "--columns", "name"));
        Assert.Equal("mine", File.ReadAllText(Path.Join(docs, "notes.txt")));
        Assert.Contains("is no document", _world.Run("doctor").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_set_back_a_year_loses_no_change()
    {
        _world.Do("rename", One, "before");
        _world.Time.Pass(TimeSpan.FromDays(-366));

        _world.Do("rename", One, "after");
        _world.Do("tag", One, "t");

        Assert.Equal("after\tt\n", _world.Do("list", "--columns", "name,tags"));
        Assert.Contains("in the future", _world.Run("doctor").Out, StringComparison.Ordinal);
        _world.Do("undo");
        Assert.Equal("after\t\n", _world.Do("list", "--columns", "name,tags"));
    }

    [Fact]
    public void Without_the_agents_programs_new_says_so_and_leaves_nothing()
    {
        _world.Variables["PATH"] = "/usr/bin:/bin";
        Assert.SkipWhen(File.Exists("/usr/bin/pi") || File.Exists("/usr/local/bin/pi"), "pi is installed for everybody here");

        var run = _world.Run("new", "--agent", "pi");

        Assert.Equal((1, ""), (run.Status, run.Out));
        Assert.StartsWith("pi is not on PATH", run.Complaint, StringComparison.Ordinal);
        Assert.Equal("first\n", _world.Do("list", "--columns", "name"));
    }

    private delegate (int Status, string Output, string Error) InShell(string script);

    /// <summary>A shell in a name space where <paramref name="mount"/> was done first.</summary>
    private InShell Mounted(string mount, string skip = "needs root and unshare(1) to mount a disk of its own")
    {
        NeedsRoot();
        Assert.SkipUnless(Shell($"unshare -m sh -c '{mount}'").Status == 0, skip);
        return script => Shell($"unshare -m sh -c '{mount} && exec sh -s' <<'END'\n{script}\nEND");
    }

    private static void NeedsRoot() => Assert.SkipUnless(Environment.UserName == "root", "needs root");

    private (int Status, string Output, string Error) Shell(string script)
    {
        var program = Environment.GetEnvironmentVariable("SESH_BIN") ?? Path.Join(AppContext.BaseDirectory, "sesh");
        var start = new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _world.Root,
        };
        foreach (var (name, value) in _world.Variables)
            start.Environment[name] = value;
        start.Environment["PATH"] = $"{Path.GetDirectoryName(program)}:{_world.Variables["PATH"]}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"did not end: {script}");
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
