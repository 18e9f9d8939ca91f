using System.Diagnostics;
using System.Text;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;
using Sesh.Tests.Built;

namespace Sesh.Tests.Ssh;

/// <summary>Two homes, an sshd in one, an ssh in the other, and in place of sesh a script there.</summary>
internal sealed class Reached : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sesh-r").FullName;

    /// <param name="shell">See <see cref="Sshd"/>.</param>
    /// <param name="knows">The host key is known.</param>
    /// <param name="mayLogIn">The key is authorized.</param>
    public Reached(string? shell = null, bool knows = true, bool mayLogIn = true, IReadOnlyList<string>? hostKeys = null, IReadOnlyList<string>? settings = null)
    {
        Sshd = new Sshd(shell: shell, hostKeys: hostKeys, settings: settings);
        User = new SshUser(Directory.CreateDirectory(Path.Join(_root, "u")).FullName);
        User.Names(Sshd, "desk");
        if (knows)
            User.Knows(Sshd);
        if (mayLogIn)
            Sshd.Authorize(User.Key);
        Serves($"{Greeting}; exec cat");
    }

    /// <summary>What makes a script speak as sesh: its preamble. Then a word, so that tests see where they are.</summary>
    public const string Greeting = @"printf '\0sesh\365\nhello\n'";

    private const int PreambleLength = 7;

    public Sshd Sshd { get; }

    public SshUser User { get; }

    public string Home => Path.Join(_root, "s");

    public string? AgentSocket { get; set; }

    public TransportOptions Options => TransportOptions.Of(Home, name => name switch
    {
        "HOME" => User.Home,
        "PATH" => User.SearchPath,
        "USER" => Sshd.User,
        "SSH_AUTH_SOCK" => AgentSocket,
        _ => null,
    });

    public static Peer Desk(TransportKind transport) => new() { Name = MachineName.Parse("desk"), Destination = "desk", Transport = transport };

    /// <summary>Puts a script in sesh's place, at ~/.local/bin there.</summary>
    public string Serves(string script)
    {
        var folder = Directory.CreateDirectory(Path.Join(Sshd.Home, ".local", "bin")).FullName;
        return Script(Path.Join(folder, "sesh"), script);
    }

    public static string Script(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public Task<IConnection> ConnectAsync(Peer peer, TransportOptions? options = null) => Transport.For(peer, options ?? Options).ConnectAsync(peer, Xunit.TestContext.Current.CancellationToken);

    public Task<IConnection> ConnectAsync(TransportKind transport) => ConnectAsync(Desk(transport));

    /// <summary>What came before the word of greeting.</summary>
    public static async Task<string> HelloAsync(IConnection connection)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("hello\n", StringComparison.Ordinal))
            text.Append(await ReadAsync(connection, 1));
        return text.ToString(0, text.Length - "hello\n".Length - PreambleLength);
    }

    /// <summary>Reads so many bytes.</summary>
    public static async Task<string> ReadAsync(IConnection connection, int length)
    {
        var bytes = new byte[length];
        await connection.Input.ReadExactlyAsync(bytes, Xunit.TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(bytes);
    }

    public static async Task WriteAsync(IConnection connection, string text)
    {
        await connection.Output.WriteAsync(Encoding.UTF8.GetBytes(text), Xunit.TestContext.Current.CancellationToken);
        await connection.Output.FlushAsync(Xunit.TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a program in the user's world.</summary>
    public string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SSH_AUTH_SOCK"] = AgentSocket;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}");
    }

    public void Dispose()
    {
        // A connection kept warm goes with the server.
        Sshd.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
