using System.Globalization;

namespace Sesh.Sync.Transports;

/// <summary>Command lines about a peer, as messages propose them: with the port and the key it was given, so that they can be typed as they stand.</summary>
public static class PeerWords
{
    /// <summary><c>sesh peer add</c> and the like: name, destination, and what else the entry says of the way.</summary>
    /// <param name="peer">With an address.</param>
    /// <param name="verb">Behind <c>sesh peer</c>.</param>
    public static string Sesh(this Peer peer, string verb) => $"sesh peer {verb} {peer.Name} {peer.Destination}{Option(peer.Port, "--port")}{Option(peer.Identity, "--identity")}";

    /// <summary>The system's <c>ssh</c> to it.</summary>
    /// <param name="peer">With an address.</param>
    /// <param name="options">With a space behind them; empty for none.</param>
    public static string Ssh(this Peer peer, string options = "") => $"ssh {options}{Before(peer.Port, "-p")}{Before(peer.Identity, "-i")}{peer.Destination}";

    private static string Option(object? value, string name) => value is null ? "" : $" {name} {Shown(value)}";

    private static string Before(object? value, string name) => value is null ? "" : $"{name} {Shown(value)} ";

    private static string Shown(object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.AsSpan().ContainsAnyExcept(Plain) ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'" : text;
    }

    private static System.Buffers.SearchValues<char> Plain { get; } = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@:+,=%");
}
