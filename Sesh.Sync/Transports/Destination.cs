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

    /// <exception cref="SeshException"><c>destination</c>.</exception>
    public static string Check(string text) => IsSafe(text) ? text
        : throw new SeshException("destination", $"not a destination: {text}", $"{Rule}; other names can stand in ~/.ssh/config behind such a Host", exitCode: 2);

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
