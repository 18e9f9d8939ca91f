using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>The fixtures themselves: that a login reaches the test's home and no other.</summary>
public sealed class SshdTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sesh-u").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("/bin/sh")]
    public void A_login_has_the_home_and_the_environment_of_the_test(string? shell)
    {
        using var sshd = new Sshd(environment: new Dictionary<string, string> { ["SESH_MACHINE"] = "there is a blank" }, shell: shell);
        var user = new SshUser(_home);
        user.Reaches(sshd, "desk");
        Assert.Equal($"{sshd.Home}|there is a blank\n", Ssh(user, "desk", "echo \"$HOME|$SESH_MACHINE\""));
    }

    [Fact]
    public void An_authorized_keys_own_command_is_run_whatever_was_asked()
    {
        using var sshd = new Sshd();
        var user = new SshUser(_home);
        user.Names(sshd, "desk");
        user.Knows(sshd);
        sshd.Authorize(user.Key, "restrict,command=\"echo forced\"");
        Assert.Equal("forced\n", Ssh(user, "desk", "echo asked"));
    }

    [Fact]
    public void It_is_reached_again_after_it_was_stopped()
    {
        using var sshd = new Sshd();
        var user = new SshUser(_home);
        user.Reaches(sshd, "desk");
        sshd.Stop();
        sshd.Start();
        Assert.Equal("here\n", Ssh(user, "desk", "echo here"));
    }

    private static string Ssh(SshUser user, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(user.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
