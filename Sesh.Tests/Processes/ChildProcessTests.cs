using System.ComponentModel;
using System.Diagnostics;
using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public void Output_and_error_come_apart_with_the_exit_code()
    {
        var result = ChildProcess.Run("/bin/sh", ["-c", "printf out; printf 'bad\\nmore' >&2; exit 7"], Long);
        Assert.Equal(("out", "bad", 7, false), (result.Text, result.Complaint, result.ExitCode, result.TimedOut));
    }

    [Fact]
    public void Arguments_reach_the_program_as_they_are()
    {
        string[] odd = ["", " a  b ", "$(id)", "`id`", "a'b\"c", "*", "-n", "日本 ✳", "line\nend\t"];
        var result = ChildProcess.Run("/usr/bin/printf", ["%s\\0", .. odd], Long);
        Assert.Equal(odd, result.Text.TrimEnd('\0').Split('\0'));
    }

    [Fact]
    public void What_a_signal_ends_has_128_and_its_number() =>
        Assert.Equal(128 + 15, ChildProcess.Run("/bin/sh", ["-c", "kill -TERM $$"], Long).ExitCode);

    [Fact]
    public void A_child_that_hangs_is_killed_at_the_deadline_and_what_it_said_is_kept()
    {
        var clock = Stopwatch.StartNew();
        var result = ChildProcess.Run("/bin/sh", ["-c", "echo before; exec sleep 300"], TimeSpan.FromMilliseconds(300));
        Assert.True(result.TimedOut);
        Assert.False(result.Succeeded);
        Assert.Equal("before\n", result.Text);
        Assert.True(clock.Elapsed < Long);
    }

    [Fact]
    public void A_child_that_closes_its_output_and_stays_is_killed_at_the_deadline() =>
        Assert.True(ChildProcess.Run("/bin/sh", ["-c", "exec >&- 2>&-; exec sleep 300"], TimeSpan.FromMilliseconds(300)).TimedOut);

    [Fact]
    public void One_that_hangs_costs_the_others_nothing()
    {
        var children = new[]
        {
            ChildProcess.Start("/bin/sleep", ["300"]),
            // More than a pipe holds.
            ChildProcess.Start("/bin/sh", ["-c", "head -c 1000000 /dev/zero; echo >&2"]),
        };
        var results = ChildProcess.Finish(children, TimeSpan.FromSeconds(2));
        Assert.True(results[0].TimedOut);
        Assert.True(results[1].Succeeded);
        Assert.Equal(1_000_000, results[1].Output.Length);
    }

    [Fact]
    public void A_child_gets_SIGPIPE_as_programs_expect_it()
    {
        var ignored = ChildProcess.Run("/bin/sh", ["-c", "grep SigIgn /proc/self/status"], Long).Text;
        Assert.Equal(0, Convert.ToInt64(ignored.Split('\t')[1].Trim(), 16) & (1 << (Libc.SigPipe - 1)));
    }

    [Fact]
    public void Standard_input_is_empty() => Assert.Equal("", ChildProcess.Run("/bin/cat", [], Long).Text);

    [Fact]
    public void The_environment_is_the_one_given()
    {
        Environment.SetEnvironmentVariable("SESH_TEST_TAKEN_OUT", "1");
        var edited = ProcessEnvironment.Edited(new Dictionary<string, string> { ["SESH_TEST_GIVEN"] = "a=b c" }, ["SESH_TEST_TAKEN*"]);
        var lines = ChildProcess.Run("/usr/bin/env", [], Long, edited).Text.Split('\n');
        Assert.Contains("SESH_TEST_GIVEN=a=b c", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("SESH_TEST_TAKEN", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("PATH=", StringComparison.Ordinal));
    }

    [Fact]
    public void A_program_that_is_not_there_cannot_be_started() =>
        Assert.Equal(2, Assert.Throws<Win32Exception>(() => ChildProcess.Start("/no/such/program", [])).NativeErrorCode);

    [Fact]
    public void No_descriptor_is_left_open()
    {
        var before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (var i = 0; i < 50; i++)
            ChildProcess.Run("/bin/true", [], Long);
        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 0, before + 20);
    }
}
