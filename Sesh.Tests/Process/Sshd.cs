using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>
/// A real sshd of one test's own on a loopback port, with throw-away host keys. Whoever logs in is this user, but in a home of the test's
/// (<see cref="Home"/>): the account's own is neither read nor written. Ended with all of its sessions by <see cref="Dispose"/>.
/// </summary>
internal sealed class Sshd : IDisposable
{
    public const string Program = "/usr/sbin/sshd";

    private readonly string _root = Directory.CreateTempSubdirectory("sesh-d").FullName;
    private readonly List<string> _settings;
    private Process? _process;

    /// <param name="home">The home that logins have; made where missing. Null: a new one.</param>
    /// <param name="environment">Of logins; HOME and PATH as well.</param>
    /// <param name="shell">What runs commands instead of the account's shell, as that would: <c>SHELL -c COMMAND</c>. Authorized keys' own commands are then not run.</param>
    /// <param name="hostKeys">Types of its host keys.</param>
    /// <param name="settings">More lines of sshd_config.</param>
    public Sshd(string? home = null, IReadOnlyDictionary<string, string>? environment = null, string? shell = null, IReadOnlyList<string>? hostKeys = null, IReadOnlyList<string>? settings = null)
    {
        Home = home ?? Path.Join(_root, "home");
        Directory.CreateDirectory(Path.Join(Home, ".ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Authorized = Path.Join(Home, ".ssh", "authorized_keys");
        foreach (var type in hostKeys ?? ["ed25519"])
            HostKeys.Add(SshKey.Make(Path.Join(_root, "host_" + type), type));
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["HOME"] = Home };
        _settings =
        [
            "ListenAddress 127.0.0.1",
            "UsePAM no",
            "StrictModes no",
            "PidFile none",
            "LogLevel VERBOSE",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "PermitRootLogin prohibit-password",
            "MaxStartups 100",
            "MaxSessions 100",
            $"AuthorizedKeysFile {Authorized}",
            .. HostKeys.Select(k => $"HostKey {k.Path}"),
            // Of several such lines sshd takes the first alone.
            "SetEnv " + string.Join(' ', variables.Select(v => $"\"{v.Key}={v.Value}\"")),
            .. settings ?? [],
        ];
        if (shell is not null)
            _settings.Add($"ForceCommand cd; exec {shell} -c \"$SSH_ORIGINAL_COMMAND\"");
        Start();
    }

    /// <summary>Of the account, as logins see it.</summary>
    public string Home { get; }

    /// <summary>Its authorized_keys.</summary>
    public string Authorized { get; }

    public List<SshKey> HostKeys { get; } = [];

    public int Port { get; private set; }

    /// <summary>Of the listening process.</summary>
    public int Pid => _process!.Id;

    public static string User => Environment.UserName;

    /// <summary>What sshd logged so far.</summary>
    public string Log => File.ReadAllText(LogPath);

    private string LogPath => Path.Join(_root, "log");

    /// <summary>Lets this key log in; with options where they are given: <c>restrict,command="…"</c>.</summary>
    public void Authorize(SshKey key, string options = "") => File.AppendAllText(Authorized, $"{options}{(options.Length > 0 ? " " : "")}{key.Public}\n");

    /// <summary>A line of known_hosts for the first host key, or the one of a type.</summary>
    public string KnownHost(string? type = null) => $"[127.0.0.1]:{Port} {(type is null ? HostKeys[0] : HostKeys.Single(k => k.Type == type)).Public}";

    /// <summary>One more line of its configuration, from the next start on.</summary>
    public void Set(string line) => _settings.Add(line);

    /// <summary>Starts on the port of before, or on a new one.</summary>
    public void Start()
    {
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        var config = Path.Join(_root, "config");
        for (var attempt = 0; ; attempt++)
        {
            if (attempt > 0 || Port == 0)
                Port = FreePort();
            File.WriteAllLines(config, [.. _settings, $"Port {Port}"]);
            _process = Process.Start(new ProcessStartInfo(Program, ["-f", config, "-D", "-E", LogPath]) { UseShellExecute = false })!;
            if (Answers())
                return;
            Assert.True(attempt < 5, $"sshd did not start: {(File.Exists(LogPath) ? Log : "")}");
        }
    }

    /// <summary>Ends the listener and every session; nobody answers until <see cref="Start"/>.</summary>
    public void Stop()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Kills the connections there are, in the middle of whatever they do; sshd takes new ones.</summary>
    public void KillSessions() => Assert.All(Children(Pid), pid => Signal.Send(pid, Signal.Kill));

    /// <summary>Processes of sshd that serve connections now.</summary>
    public IReadOnlyList<int> Sessions => Children(Pid);

    public void Dispose()
    {
        Stop();
        Directory.Delete(_root, recursive: true);
    }

    private static List<int> Children(int parent) =>
        [.. File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // False where it ended instead, as it does when the port was taken meanwhile.
    private bool Answers()
    {
        var greeting = new byte[4];
        var answers = false;
        Until.True("sshd answers or ends", () =>
        {
            if (_process!.HasExited)
                return true;
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, Port);
                answers = socket.Receive(greeting) > 0 && Encoding.ASCII.GetString(greeting).StartsWith('S');
            }
            catch (SocketException)
            {
                // Not yet.
            }

            return answers;
        });
        return answers;
    }
}
