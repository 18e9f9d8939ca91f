using System.Collections;

namespace Sesh.Sync.Transports;

/// <summary>What transports need to know of the machine and the user they run for.</summary>
public sealed record TransportOptions
{
    /// <summary><c>$SESH_HOME</c>, absolute: its known_hosts counts beside the user's, and the sockets of warm connections lie below it.</summary>
    public required string Home { get; init; }

    /// <summary>The user's home; null where the environment names none.</summary>
    public string? UserHome { get; init; }

    /// <summary>Whom to log in as where nothing else is said.</summary>
    public string UserName { get; init; } = "";

    /// <summary>Absolute path of the system's <c>ssh</c>; null where there is none.</summary>
    public string? Ssh { get; init; }

    /// <summary>The ssh agent's socket; null where none runs.</summary>
    public string? AgentSocket { get; init; }

    /// <summary>For <c>ssh</c>: <c>NAME=value</c> each.</summary>
    public IReadOnlyCollection<string> Environment { get; init; } = [];

    /// <summary>
    /// Leave a connection of <c>ssh</c> open for a minute behind, for the next command. For commands; a daemon's links live long, and should end by themselves alone.
    /// </summary>
    public bool KeepWarm { get; init; } = true;

    /// <summary>How long connecting may take where nobody answers.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Known hosts that were accepted through sesh.</summary>
    public string KnownHosts => Path.Join(Home, "known_hosts");

    /// <summary>For this process's user.</summary>
    /// <param name="home">See <see cref="Home"/>.</param>
    /// <param name="variable">A variable of the environment: null or empty where it is not set.</param>
    public static TransportOptions Of(string home, Func<string, string?> variable)
    {
        var own = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            own[(string)entry.Key] = (string?)entry.Value ?? "";
        foreach (var name in (ReadOnlySpan<string>)["HOME", "PATH", "SSH_AUTH_SOCK", "USER", "LOGNAME"])
        {
            if (variable(name) is { Length: > 0 } value)
                own[name] = value;
            else
                own.Remove(name);
        }

        // Whoever cannot answer on a terminal is not to be asked in a window either.
        own["SSH_ASKPASS_REQUIRE"] = "never";
        return new TransportOptions
        {
            Home = home,
            UserHome = own.GetValueOrDefault("HOME"),
            UserName = own.GetValueOrDefault("USER") ?? own.GetValueOrDefault("LOGNAME") ?? System.Environment.UserName,
            Ssh = Find("ssh", own.GetValueOrDefault("PATH")),
            AgentSocket = own.GetValueOrDefault("SSH_AUTH_SOCK"),
            Environment = [.. own.Select(v => $"{v.Key}={v.Value}")],
        };
    }

    private static string? Find(string program, string? path)
    {
        foreach (var folder in (path ?? "").Split(':'))
        {
            var candidate = Path.Join(folder, program);
            // A link whose target is gone exists, and has no mode.
            if (folder.StartsWith('/') && File.Exists(candidate) && File.ResolveLinkTarget(candidate, returnFinalTarget: true) is not { Exists: false }
                && (File.GetUnixFileMode(candidate) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0)
                return candidate;
        }

        return null;
    }
}
