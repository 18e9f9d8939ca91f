using System.Globalization;

namespace Sesh.Sync.Transports;

/// <summary>What the user's OpenSSH configuration makes of a destination.</summary>
internal sealed record ResolvedHost
{
    public required string HostName { get; init; }

    public int Port { get; init; } = 22;

    public required string User { get; init; }

    /// <summary>Absolute paths, whether or not there is such a file; in the order in which to try.</summary>
    public IReadOnlyList<string> IdentityFiles { get; init; } = [];

    /// <summary>Of the agent's keys only those that are in the identity files.</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>Null where there is none or it is not to be used.</summary>
    public string? AgentSocket { get; init; }

    /// <summary>The user's and the system's, not sesh's own.</summary>
    public IReadOnlyList<string> KnownHostsFiles { get; init; } = [];

    /// <summary>The first of <see cref="KnownHostsFiles"/> that are the user's: what <c>ssh</c> is to be given along with sesh's own.</summary>
    public int UserKnownHosts { get; init; }

    public string? HostKeyAlias { get; init; }

    /// <summary>Where the user's own connection is kept for others to share; null where not.</summary>
    public string? ControlPath { get; init; }

    /// <summary>Every word of the configuration, the first value of each; for what only OpenSSH understands.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What known_hosts files call it; the first is the one to write.</summary>
    public IReadOnlyList<string> Names => KnownHosts.NamesOf(HostName, Port, HostKeyAlias);

    /// <summary>From what <c>ssh -G</c> prints.</summary>
    public static ResolvedHost Parse(string text, string destination, TransportOptions options)
    {
        var settings = new Dictionary<string, string>();
        var identities = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var gap = line.IndexOf(' ', StringComparison.Ordinal);
            if (gap <= 0)
                continue;
            var (key, value) = (line[..gap].ToLowerInvariant(), line[(gap + 1)..].Trim());
            settings.TryAdd(key, value);
            if (key == "identityfile" && value != "none")
                identities.Add(value);
        }

        var tokens = new Dictionary<char, string>
        {
            ['%'] = "%",
            ['d'] = options.UserHome ?? "",
            ['h'] = settings.GetValueOrDefault("hostname", destination),
            ['n'] = Destination.Split(destination).Host,
            ['p'] = settings.GetValueOrDefault("port", "22"),
            ['r'] = settings.GetValueOrDefault("user", options.UserName),
            ['u'] = options.UserName,
        };
        string Expanded(string path) => Expand(path, tokens, options);
        var userFiles = Files(settings.GetValueOrDefault("userknownhostsfile", "~/.ssh/known_hosts ~/.ssh/known_hosts2")).Select(Expanded).ToList();
        var systemFiles = Files(settings.GetValueOrDefault("globalknownhostsfile", "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2")).Select(Expanded);
        var agent = settings.GetValueOrDefault("identityagent", "SSH_AUTH_SOCK");
        return new ResolvedHost
        {
            HostName = tokens['h'],
            Port = int.TryParse(tokens['p'], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 22,
            User = tokens['r'],
            IdentityFiles = [.. identities.Select(Expanded).Distinct()],
            IdentitiesOnly = settings.GetValueOrDefault("identitiesonly") == "yes",
            AgentSocket = agent switch
            {
                "none" => null,
                "SSH_AUTH_SOCK" => options.AgentSocket,
                _ when agent.StartsWith('$') => options.Environment.FirstOrDefault(v => v.StartsWith(agent[1..] + "=", StringComparison.Ordinal))?[agent.Length..],
                _ => Expanded(agent),
            },
            KnownHostsFiles = [.. userFiles, .. systemFiles],
            UserKnownHosts = userFiles.Count,
            HostKeyAlias = settings.GetValueOrDefault("hostkeyalias") is { } alias and not "none" ? alias : null,
            ControlPath = settings.GetValueOrDefault("controlpath") is { } control and not "none" ? control : null,
            Settings = settings,
        };
    }

    /// <summary>Without an <c>ssh</c> to ask: the destination as it stands, and OpenSSH's own defaults.</summary>
    public static ResolvedHost Plain(string destination, TransportOptions options)
    {
        var (user, host, port) = Destination.Split(destination);
        var folder = Path.Join(options.UserHome, ".ssh");
        return new ResolvedHost
        {
            HostName = host,
            Port = port ?? 22,
            User = user ?? options.UserName,
            IdentityFiles = [.. new[] { "id_ed25519", "id_ecdsa", "id_rsa" }.Select(n => Path.Join(folder, n))],
            AgentSocket = options.AgentSocket,
            KnownHostsFiles = [Path.Join(folder, "known_hosts"), Path.Join(folder, "known_hosts2"), "/etc/ssh/ssh_known_hosts"],
            UserKnownHosts = 2,
        };
    }

    // The list's own quotes are gone: a new path begins where a blank stands before a slash or a tilde.
    private static IEnumerable<string> Files(string list)
    {
        var start = 0;
        for (var i = 1; i <= list.Length; i++)
        {
            if (i < list.Length && !(list[i - 1] == ' ' && list[i] is '/' or '~'))
                continue;
            var path = list[start..i].Trim();
            if (path is not ("" or "none"))
                yield return path;
            start = i;
        }
    }

    private static string Expand(string path, Dictionary<char, string> tokens, TransportOptions options)
    {
        if (path.StartsWith("~/", StringComparison.Ordinal))
            path = Path.Join(options.UserHome, path[2..]);
        if (!path.Contains('%', StringComparison.Ordinal))
            return path;
        var expanded = new System.Text.StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 1 < path.Length && tokens.TryGetValue(path[i + 1], out var value))
            {
                expanded.Append(value);
                i++;
            }
            else
            {
                expanded.Append(path[i]);
            }
        }

        return expanded.ToString();
    }
}
