using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sesh.Sync.Transports;

/// <summary>A public key as SSH sends it.</summary>
public sealed record HostKey
{
    private const int MostBytes = 16 << 10;
    private const string Prefix = "SHA256:";
    private const int HashLetters = 43;

    private readonly byte[] _blob;

    private HostKey(string type, byte[] blob)
    {
        Type = type;
        _blob = blob;
        Fingerprint = Prefix + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
    }

    /// <summary><c>ssh-ed25519</c>, <c>ecdsa-sha2-nistp256</c>, <c>ssh-rsa</c> and the like.</summary>
    public string Type { get; }

    /// <summary>As <c>ssh-keygen -l</c> prints it: <c>SHA256:</c> and 43 letters.</summary>
    public string Fingerprint { get; }

    public ReadOnlySpan<byte> Blob => _blob;

    /// <summary>As known_hosts and authorized_keys have it: type and base64.</summary>
    public string Line => $"{Type} {Convert.ToBase64String(_blob)}";

    /// <summary>A blob begins with its type's name, length before it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> blob, [NotNullWhen(true)] out HostKey? key)
    {
        key = null;
        if (blob.Length is < 4 or > MostBytes)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(blob);
        if (length is 0 or > 64 || length > blob.Length - 4)
            return false;
        var type = blob.Slice(4, (int)length);
        if (type.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;
        key = new HostKey(Encoding.ASCII.GetString(type), blob.ToArray());
        return true;
    }

    /// <summary>From type and base64; what follows them is a comment.</summary>
    public static bool TryParseLine(ReadOnlySpan<char> line, [NotNullWhen(true)] out HostKey? key)
    {
        key = null;
        var rest = line.Trim(" \t");
        var gap = rest.IndexOfAny(' ', '\t');
        if (gap < 0)
            return false;
        var type = rest[..gap];
        rest = rest[gap..].TrimStart(" \t");
        gap = rest.IndexOfAny(' ', '\t');
        var text = gap < 0 ? rest : rest[..gap];
        if (text.Length > MostBytes * 2)
            return false;
        var blob = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, blob, out var written) && TryParse(blob.AsSpan(0, written), out key) && type.SequenceEqual(key.Type);
    }

    public static bool IsFingerprint(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + HashLetters && text.AsSpan(Prefix.Length).IndexOfAnyExcept(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") < 0;

    public bool Equals(HostKey? other) => other is not null && _blob.AsSpan().SequenceEqual(other._blob);

    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{Type} {Fingerprint}";
}
