using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace Sesh.Sync.Transports;

internal enum HostMarker : byte
{
    None,

    /// <summary>The key signs certificates of hosts.</summary>
    Authority,

    Revoked,
}

/// <summary>One line of a known_hosts file, as sshd(8) describes it.</summary>
internal sealed record KnownHostsLine(HostMarker Marker, string Hosts, HostKey Key)
{
    private const string HashMagic = "|1|";

    /// <summary>False for comments, blank lines, and what OpenSSH would not understand either.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, [NotNullWhen(true)] out KnownHostsLine? parsed)
    {
        parsed = null;
        var rest = line.Trim(" \t\r");
        if (rest.IsEmpty || rest[0] == '#')
            return false;
        var marker = HostMarker.None;
        if (rest[0] == '@')
        {
            var word = Word(ref rest);
            if (word is "@cert-authority")
                marker = HostMarker.Authority;
            else if (word is "@revoked")
                marker = HostMarker.Revoked;
            else
                return false;
        }

        var hosts = Word(ref rest).ToString();
        if (!HostKey.TryParseLine(rest, out var key))
            return false;
        parsed = new KnownHostsLine(marker, hosts, key);
        return true;
    }

    /// <param name="name">In lower case, with its port where that is not 22.</param>
    public bool Names(string name)
    {
        if (Hosts.StartsWith(HashMagic, StringComparison.Ordinal))
            return HashNames(name);
        var named = false;
        foreach (var range in Hosts.AsSpan().Split(','))
        {
            var pattern = Hosts.AsSpan()[range];
            var isNegated = pattern.StartsWith("!");
            if (isNegated)
                pattern = pattern[1..];
            if (pattern.IsEmpty || !Matches(pattern, name))
                continue;
            if (isNegated)
                return false;
            named = true;
        }

        return named;
    }

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        var gap = rest.IndexOfAny(' ', '\t');
        var word = gap < 0 ? rest : rest[..gap];
        rest = gap < 0 ? [] : rest[gap..].TrimStart(" \t");
        return word;
    }

    // Its two wildcards are * and ?, as here; a backslash is no escape.
    private static bool Matches(ReadOnlySpan<char> pattern, string name) =>
        pattern.ContainsAny('*', '?') ? !pattern.Contains('\\') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true)
            : pattern.Equals(name, StringComparison.OrdinalIgnoreCase);

    [SuppressMessage("Security", "CA5350", Justification = "It hides names from a reader of the file; OpenSSH knows no other.")]
    private bool HashNames(string name)
    {
        var parts = Hosts[HashMagic.Length..].Split('|');
        Span<byte> salt = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        return parts.Length == 2
            && Convert.TryFromBase64String(parts[0], salt, out var saltLength) && saltLength == salt.Length
            && Convert.TryFromBase64String(parts[1], hash, out var hashLength) && hashLength == hash.Length
            && HMACSHA1.HashData(salt, Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(hash);
    }
}
