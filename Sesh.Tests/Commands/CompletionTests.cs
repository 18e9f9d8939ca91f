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
        _world.Write("config.toml", "[[hooks]]\nname = \"say\"\nevent = \"blocked\"\ncommand = \"true\"\n[[hooks]]\nevent = \"blocked\"\ncommand = 'a\tb'\n");
        _world.Write("peers.json", """{"peers": [{"name": "desk"}]}""");
    }

    [Theory]
    [InlineData("unta", "untag")]
    [InlineData("hooks te", "test")]
    [InlineData("hooks test ", "say hook-2 blocked")]
    [InlineData("hooks test b", "blocked")]
    [InlineData("hooks test say ", One)]
    [InlineData("hooks test say 1111 ", "")]
    [InlineData("rename 11", One)]
    [InlineData("rename --keep-auto 11", One)]
    [InlineData("unarchive ", Two)]
    [InlineData("tag 1111 wo", "work")]
    [InlineData("list --tag l", "later")]
    [InlineData("list --tag=l", "--tag=later")]
    [InlineData("list --agent c", "claude codex")]
    [InlineData("list --machine ", "alpha beta")]
    [InlineData("--machine b", "beta")]
    [InlineData("peer forget ", "beta desk")]
    [InlineData("serve --peer ", "beta desk")]
    [InlineData("serve --peer=b", "--peer=beta")]
    [InlineData("peer authorize key --name ", "beta desk")]
    [InlineData("new --name ", "")]
    [InlineData("list --columns uuid,tmux-s", "uuid,tmux-socket uuid,tmux-session")]
    [InlineData("info --fields uuid,tu", "uuid,turnStatus")]
    [InlineData("list --status b", "busy blocked")]
    [InlineData("list --inc", "--include-archived")]
    [InlineData("--col", "--color")]
    [InlineData("help exi", "exit-codes")]
    [InlineData("completion z", "zsh")]
    [InlineData("list --columns uuid,name,u", "uuid,name,updatedAt")]
    [InlineData("untag 1111 ", "later work")]
    [InlineData("untag 1111 later ", "work")]
    [InlineData("untag 2222 ", "")]
    [InlineData("retag 1111 w", "work=")]
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

    [Fact]
    public void Undo_is_offered_this_machines_operations()
    {
        var run = _world.Run("__complete", "--", "undo", "");
        Assert.Equal("archive", run.Lines[0].Split('\t')[1]);
        Assert.Equal(0, _world.Run("undo", run.Lines[0].Split('\t')[0]).Status);
    }

    [Fact]
    public void Of_words_that_begin_a_pair_it_is_told_what_they_lead_to() =>
        Assert.Equal("op\tlog: list operations: what each command changed\n", _world.Run("__complete", "--", "op").Out);

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

    // bash cuts words at = and :, hands them over so and replaces the last piece alone.
    [Theory]
    [InlineData("sesh rename 11", One, "rename 11", One)]
    [InlineData("sesh list --tag l", "later", "list --tag l", "later")]
    [InlineData("sesh list --tag = l", "--tag=later", "list --tag=l", "later")]
    [InlineData("sesh list --tag =", "--tag=later", "list --tag=", "later")]
    [InlineData("sesh list --columns uuid,na", "uuid,name", "list --columns uuid,na", "uuid,name")]
    [InlineData("sesh resume --target default : work 11", One, "resume --target default:work 11", One)]
    [InlineData("sesh untag 11 a", "a b", "untag 11 a", "a\\ b")]
    public void Bash_inserts_the_only_candidate(string words, string candidate, string asked, string inserted)
    {
        var bin = Directory.CreateDirectory(Path.Join(_world.Root, "bin")).FullName;
        var answers = Path.Join(bin, "sesh");
        File.WriteAllText(answers, $"""
            #!/bin/sh
            [ "$*" = '__complete -- {asked}' ] && printf '%s\twhat it is\n' '{candidate}'
            """);
        File.SetUnixFileMode(answers, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = $$"""
            PATH={{bin}}:$PATH
            {{_world.Run("completion", "bash").Out}}
            compopt() { :; }
            COMP_WORDS=({{words}}); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMP_TYPE=9
            _sesh
            printf '%s' "${COMPREPLY[*]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        Assert.Equal(inserted, bash.StandardOutput.ReadToEnd());
        bash.WaitForExit();
    }

    public void Dispose() => _world.Dispose();
}
