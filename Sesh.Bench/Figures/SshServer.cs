using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>An sshd of this run's own on a loopback port, with throw-away keys, ended with it; and an <c>ssh</c> that reads the run's own files alone.</summary>
internal sealed class SshServer : IDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Tools _tools;
    private readonly string _folder;
    private readonly Process _process;

    public SshServer(Tools tools)
    {
        _tools = tools;
        _folder = Directory.CreateDirectory(Path.Combine(tools.Work, "ssh")).FullName;
        Identity = Path.Combine(_folder, "user");
        var host = Path.Combine(_folder, "host");
        foreach (var key in (string[])[Identity, host])
        {
            File.Delete(key);
            tools.Output(Tools.Find("ssh-keygen"), "", "-q", "-t", "ed25519", "-N", "", "-f", key);
        }

        Fingerprint = tools.Output(Tools.Find("ssh-keygen"), "", "-l", "-f", host + ".pub").Split(' ')[1];
        Port = FreePort();
        WriteClient(host);
        WriteServer(host);
        _process = Process.Start(new ProcessStartInfo(Program, ["-f", Path.Combine(_folder, "sshd_config"), "-D", "-E", Path.Combine(_folder, "log")]))!;
        Started.Add(this);
        WaitUntilItAnswers();
    }

    public string Identity { get; }

    /// <summary>Of the host key: <c>SHA256:…</c>.</summary>
    public string Fingerprint { get; }

    public int Port { get; }

    public static string Destination => $"{Environment.UserName}@127.0.0.1";

    /// <summary>The run's own <c>ssh</c> comes first on it: OpenSSH asks the account for its home, and not <c>HOME</c>.</summary>
    public string SearchPath => $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>A command on the other side, by a connection that the first opens and all share.</summary>
    public IReadOnlyList<string> Warm(int port) =>
    [
        "-F", Path.Combine(_folder, "config"), "-p", port.ToString(CultureInfo.InvariantCulture), "-o", "BatchMode=yes",
        "-o", "ControlMaster=auto", "-o", "ControlPersist=600", "-o", $"ControlPath={Path.Combine(_folder, $"m{port}")}",
    ];

    public Command True(int port) => _tools.Call(Tools.Find("ssh"), [.. Warm(port), Destination, "true"]);

    /// <summary>What makes a home's <c>m1</c> the other home, at that port.</summary>
    public void Peer(string home, string machine, string peer, string remoteHome, int port, string transport, bool connect = true) => Spawn.Must(Call(
        home, machine,
        [
            "peer", "add", peer, Destination, "--port", port.ToString(CultureInfo.InvariantCulture), "--identity", Identity, "--host-key", Fingerprint,
            "--transport", transport, "--remote-home", remoteHome, "--remote-sesh", _tools.Sesh, .. connect ? (string[])[] : ["--no-connect"],
        ]));

    /// <summary>sesh as one machine, with the run's own ssh.</summary>
    public Command Call(string home, string machine, params IEnumerable<string> words) =>
        _tools.Call(home, machine, new Dictionary<string, string> { ["PATH"] = SearchPath, ["SESH_TMUX_SOCKETS"] = NoTmux }, words);

    public void Dispose()
    {
        Started.Remove(this);
        // What shares its connections ends with them.
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private string NoTmux => Path.Combine(_tools.Work, "none.sock");

    private void WriteClient(string host)
    {
        var known = Path.Combine(_folder, "known_hosts");
        var config = Path.Combine(_folder, "config");
        File.WriteAllText(known, $"bench {File.ReadAllText(host + ".pub")}");
        File.WriteAllText(
            config,
            $"""
            Host *
              IdentityFile {Identity}
              IdentitiesOnly yes
              IdentityAgent none
              HostKeyAlias bench
              UserKnownHostsFile {known}
              GlobalKnownHostsFile /dev/null

            """);
        var script = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, "ssh");
        File.WriteAllText(script, $"#!/bin/sh\nexec {Tools.Find("ssh")} -F {config} \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void WriteServer(string host)
    {
        File.Copy(Identity + ".pub", Path.Combine(_folder, "authorized"), overwrite: true);
        File.WriteAllText(
            Path.Combine(_folder, "sshd_config"),
            $"""
            ListenAddress 127.0.0.1
            Port {Port}
            HostKey {host}
            AuthorizedKeysFile {Path.Combine(_folder, "authorized")}
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            MaxSessions 100
            MaxStartups 100
            PidFile none
            SetEnv "HOME={Path.Combine(_tools.Work, "home")}" "TMPDIR={_tools.Work}" "SESH_TMUX_SOCKETS={NoTmux}"

            """);
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void WaitUntilItAnswers()
    {
        var exit = 0;
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience;)
        {
            if (_process.HasExited)
                throw new FailedRunException($"sshd ended: {File.ReadAllText(Path.Combine(_folder, "log")).Trim()}");
            exit = Spawn.Run(True(Port)).Exit;
            if (exit == 0)
                return;
        }

        True(Port).Check(exit);
    }
}
