using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class CompletionTests : IDisposable
{
    private const string One = "11111111-0000-4000-8000-000000000001";
    private const string Two = "22222222-0000-4000-8000-000000000002";

    private readonly CommandWorld _world = new();

    public CompletionTests()
    {
        _world.Add(One, "fix the login", tags: ["work", "later"]);
        _world.Add(Two, "two", machine: "beta");
        _world.Run("archive", Two);
    }

    [Theory]
    [InlineData("unta", "untag")]
    [InlineData("rename 11", One)]
    [InlineData("rename --keep-auto 11", One)]
    [InlineData("unarchive ", Two)]
    [InlineData("tag 1111 wo", "work")]
    [InlineData("list --tag l", "later")]
    [InlineData("list --tag=l", "--tag=later")]
    [InlineData("list --agent c", "claude codex")]
    [InlineData("list --machine ", "alpha beta")]
    [InlineData("--machine b", "beta")]
    [InlineData("list --columns uuid,tmux-s", "uuid,tmux-socket uuid,tmux-session")]
    [InlineData("info --fields uuid,tu", "uuid,turnStatus")]
    [InlineData("list --status b", "busy blocked")]
    [InlineData("list --inc", "--include-archived")]
    [InlineData("--col", "--color")]
    [InlineData("help exi", "exit-codes")]
    [InlineData("completion z", "zsh")]
    [InlineData("nosuchverb ", "")]
    [InlineData("rename 1111 ", "")]
    public void Candidates(string line, string expected)
    {
        var run = _world.Run(["__complete", "--", .. line.Split(' ')]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(expected, string.Join(' ', run.Lines.Select(l => l.Split('\t')[0])));
    }

    [Fact]
    public void Uuids_come_with_their_names() => Assert.Equal($"{One}\tfix the login (claude, alpha)\n", _world.Run("__complete", "--", "info", "").Out);

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void The_script_is_one_that_the_shell_can_read(string shell)
    {
        var script = _world.Run("completion", shell).Out;
        Assert.Contains("sesh __complete --", script, StringComparison.Ordinal);
        var path = Path.Join(_world.Root, shell);
        File.WriteAllText(path, script);
        var program = Sesh.Processes.Programs.Find(shell, Environment.GetEnvironmentVariable("PATH"));
        Assert.SkipWhen(program is null, $"{shell} is not here");
        using var check = Process.Start(new ProcessStartInfo(program!, ["-n", path]) { RedirectStandardError = true })!;
        Assert.Equal("", check.StandardError.ReadToEnd());
        check.WaitForExit();
        Assert.Equal(0, check.ExitCode);
    }

    [Theory]
    [InlineData("sesh rename 11", One)]
    [InlineData("sesh list --tag l", "later")]
    public void Bash_inserts_the_only_candidate(string line, string expected)
    {
        var bin = Directory.CreateDirectory(Path.Join(_world.Root, "bin")).FullName;
        var answers = Path.Join(bin, "sesh");
        File.WriteAllText(answers, $"#!/bin/sh\nprintf '{expected}\\twhat it is\\n'\n");
        File.SetUnixFileMode(answers, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = $$"""
            PATH={{bin}}:$PATH
            {{_world.Run("completion", "bash").Out}}
            compopt() { :; }
            COMP_WORDS=({{line}}); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMP_TYPE=9
            _sesh
            printf '%s' "${COMPREPLY[*]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        Assert.Equal(expected, bash.StandardOutput.ReadToEnd());
        bash.WaitForExit();
    }

    public void Dispose() => _world.Dispose();
}
