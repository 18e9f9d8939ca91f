using System.Buffers.Binary;
using System.Text;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>What a private key's file tells without a passphrase.</summary>
/// <param name="Path">As configured; there may be its public half alone.</param>
/// <param name="HasPrivate">False where only the public half is there, as for keys that an agent or a token keeps.</param>
/// <param name="Public">Null where it cannot be told.</param>
internal sealed record IdentityFile(string Path, bool HasPrivate, bool IsEncrypted, HostKey? Public)
{
    private const int MostBytes = 64 << 10;
    private const string OpenSshHeader = "-----BEGIN OPENSSH PRIVATE KEY-----";

    /// <summary>It lives in a security key, and the file is only its handle.</summary>
    public bool IsHardware => Public?.Type.StartsWith("sk-", StringComparison.Ordinal) ?? false;

    /// <summary>Null where nothing is there that could be read.</summary>
    public static IdentityFile? Read(string path)
    {
        var text = Text(path);
        if (HostKey.TryParseLine(text, out var itself))
            return new IdentityFile(path, false, false, itself);
        var isPrivate = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);
        HostKey.TryParseLine(Text(path + ".pub"), out var beside);
        if (!isPrivate)
            return beside is null ? null : new IdentityFile(path, false, false, beside);
        if (!text.StartsWith(OpenSshHeader, StringComparison.Ordinal))
            return new IdentityFile(path, true, text.Contains("ENCRYPTED", StringComparison.Ordinal), beside);
        var (isEncrypted, inside) = OpenSsh(text);
        return new IdentityFile(path, true, isEncrypted, inside ?? beside);
    }

    private static string Text(string path)
    {
        try
        {
            return PosixFiles.Instance.Stat(path) is { Kind: FileKind.File, Size: <= MostBytes } ? Encoding.UTF8.GetString(PosixFiles.Instance.Read(path)) : "";
        }
        catch (StoreFileException)
        {
            // Not for us to read: as if it were not there.
            return "";
        }
    }

    // "openssh-key-v1", NUL; then the cipher, two fields of its key, the number of keys, the public half.
    private static (bool IsEncrypted, HostKey? Public) OpenSsh(string text)
    {
        var body = string.Concat(text.Split('\n', StringSplitOptions.TrimEntries).Where(l => !l.StartsWith('-')));
        var bytes = new byte[body.Length];
        if (!Convert.TryFromBase64String(body, bytes, out var length))
            return (false, null);
        var rest = (ReadOnlySpan<byte>)bytes.AsSpan(0, length);
        if (!rest.StartsWith("openssh-key-v1\0"u8))
            return (false, null);
        rest = rest[15..];
        if (!Field(ref rest, out var cipher) || !Field(ref rest, out _) || !Field(ref rest, out _) || rest.Length < 4)
            return (false, null);
        rest = rest[4..];
        HostKey? key = null;
        if (Field(ref rest, out var blob))
            HostKey.TryParse(blob, out key);
        return (!cipher.SequenceEqual("none"u8), key);
    }

    private static bool Field(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (rest.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - 4)
            return false;
        field = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }
}
