using System.Text.Json.Nodes;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Going to a session of another machine.</summary>
public sealed class ResumeElsewhereTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");
    private readonly string _uuid;

    public ResumeElsewhereTests()
    {
        _uuid = _beta.Adopt("hello there");
        _alpha.Takes(_beta);
        _alpha.Sesh.Register("near");
    }

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Fact]
    public void The_owners_own_resume_gets_this_terminal_and_the_options_as_they_were_given()
    {
        var told = Path.Combine(_beta.Sesh.Root, "told");
        var program = Path.Combine(_beta.Sesh.Root, "fake-sesh");
        File.WriteAllText(program, $"#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done > {told}\ntest -t 0 && test -t 1 && echo 'a terminal there'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _alpha.Ssh.Reaches(_beta.Sshd, "beta");
        _alpha.Lists(new JsonObject { ["name"] = "beta", ["destination"] = "beta", ["remoteSesh"] = program });
        Assert.Contains("a terminal there", OnTerminal($"sesh resume {_uuid[..8]} --fork --target default:work --cwd /srv/a\\ b").Succeeds(), StringComparison.Ordinal);
        Assert.Equal($"<resume><{_uuid}><--fork><--target=default:work><--cwd=/srv/a b>", File.ReadAllText(told));
        File.Delete(told);
        Assert.Contains("cannot be handed through a shell", OnTerminal($"sesh resume {_uuid} --cwd '/srv/$(touch made)'").Output, StringComparison.Ordinal);
        Assert.False(File.Exists(told));
    }

    [Fact]
    public void What_keeps_the_owner_from_it_is_said_there_and_the_exit_status_is_its_own()
    {
        _alpha.Dials(_beta);
        var ran = OnTerminal($"sesh resume {_uuid}");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("claude is not on PATH", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_or_any_way_it_is_refused_with_the_next_step()
    {
        Assert.Contains("going to a session needs a terminal", _alpha.Sesh.Run("resume", _uuid).Fails(1), StringComparison.Ordinal);
        Assert.Contains("beta cannot be reached; never heard of; it is no peer of this machine; add it with", OnTerminal($"sesh resume {_uuid}").Output, StringComparison.Ordinal);
    }

    private Ran OnTerminal(string command) => _alpha.Sesh.Shell($"script -qec \"{command.Replace("$", "\\$", StringComparison.Ordinal)}\" /dev/null");
}
