namespace Sesh.Sync.Transports;

/// <summary>What may stand where <c>ssh</c> takes <c>[user@]host</c>. It becomes an argument of <c>ssh</c> and, by the user's own configuration, may become part of a shell's line.</summary>
public static class Destination
{
    private const int MostLength = 255;

    private const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_@:[]%+,=~/";

    public const string Rule = "a destination is [user@]host: letters, digits and .-_@:[]%+,=~/, not beginning with '-'";

    /// <summary>Neither an option nor anything that a shell would read as more than a word.</summary>
    public static bool IsSafe(string text)
    {
        if (text.Length is 0 or > MostLength || text.AsSpan().ContainsAnyExcept(Allowed))
            return false;
        var host = text[(text.LastIndexOf('@') + 1)..];
        return host.Length > 0 && text[0] is not ('-' or '@') && host[0] != '-';
    }

    /// <summary>As somebody gave it. <c>host:22</c> would be looked up as a host of that name.</summary>
    /// <exception cref="SeshException"><c>destination</c>.</exception>
    public static string Check(string text)
    {
        if (!IsSafe(text))
            throw new SeshException("destination", $"not a destination: {text}", $"{Rule}; other names can stand in ~/.ssh/config behind such a Host", exitCode: 2);
        return PortIn(text) is not { } colon ? text
            : throw new SeshException("destination", $"a destination has no port in it: {text}", $"give it by itself: {text[..colon]} --port {text[(colon + 1)..]}", exitCode: 2);
    }

    /// <summary>Where <c>:22</c> begins behind a host; null where there is none. Several colons without brackets are an IPv6 address.</summary>
    private static int? PortIn(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = text.AsSpan(text.LastIndexOf('@') + 1);
        return !text.StartsWith("ssh://", StringComparison.Ordinal) && host.LastIndexOf(':') > 0 && !text.AsSpan(colon + 1).IsEmpty && !text.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')
            && (host.Count(':') == 1 || text[colon - 1] == ']') ? colon : null;
    }

    /// <summary>Without a configuration to ask: the parts as they stand, and null where they do not. <c>ssh://user@host:port</c> is understood too.</summary>
    public static (string? User, string Host, int? Port) Split(string text)
    {
        var isUri = text.StartsWith("ssh://", StringComparison.Ordinal);
        var rest = isUri ? text["ssh://".Length..].TrimEnd('/') : text;
        var at = rest.LastIndexOf('@');
        var user = at > 0 ? rest[..at] : null;
        var host = rest[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        if (isUri && colon > host.LastIndexOf(']') && int.TryParse(host.AsSpan(colon + 1), out var given))
            (host, port) = (host[..colon], given);
        return (user, host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, port);
    }
}
