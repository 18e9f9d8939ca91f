using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>An ssh-agent of one test's own; ended with it.</summary>
internal sealed class SshAgent : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sesh-a").FullName;
    private readonly Process _process;

    public SshAgent()
    {
        Socket = Path.Join(_root, "s");
        _process = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", Socket]) { RedirectStandardOutput = true })!;
        Until.True("the agent listens", () => File.Exists(Socket));
    }

    public string Socket { get; }

    /// <param name="passphrase">Of the key's file.</param>
    public void Add(SshKey key, string passphrase = "")
    {
        var ask = Path.Join(_root, "ask");
        File.WriteAllText(ask, $"#!/bin/sh\necho '{passphrase}'\n");
        File.SetUnixFileMode(ask, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var start = new ProcessStartInfo("ssh-add", ["-q", key.Path]) { RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SSH_AUTH_SOCK"] = Socket;
        start.Environment["SSH_ASKPASS"] = ask;
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
