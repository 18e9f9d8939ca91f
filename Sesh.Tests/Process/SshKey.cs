using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>A key pair made by ssh-keygen.</summary>
/// <param name="Path">Of the private half.</param>
/// <param name="Public">Type and key, without a comment.</param>
internal sealed record SshKey(string Path, string Type, string Public)
{
    /// <summary><c>SHA256:…</c>, as ssh-keygen prints it.</summary>
    public string Fingerprint => Keygen("-l", "-f", Path + ".pub").Split(' ')[1];

    /// <summary>Made at that path, its public half beside it.</summary>
    public static SshKey Make(string path, string type = "ed25519", string passphrase = "")
    {
        Keygen("-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path);
        return new SshKey(path, type, string.Join(' ', File.ReadAllText(path + ".pub").Split(' ')[..2]));
    }

    /// <summary>Runs ssh-keygen and gives what it printed.</summary>
    public static string Keygen(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ssh-keygen {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }
}
