using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>
/// How prefixes become ranges of keys: of uuids, and of the agents' ids that differ from them, upper-cased and cut to 16 bytes (the record then decides).
/// </summary>
internal static class Aliases
{
    /// <summary>A session's ids other than its uuid.</summary>
    public static IEnumerable<string> Of(SessionRecord record)
    {
        var uuid = record.Uuid.ToString();
        if (record.AgentSessionId.Length > 0 && !string.Equals(record.AgentSessionId, uuid, StringComparison.OrdinalIgnoreCase))
            yield return record.AgentSessionId;
        foreach (var former in record.FormerIds)
        {
            if (!string.Equals(former, uuid, StringComparison.OrdinalIgnoreCase))
                yield return former;
        }
    }

    public static bool Matches(SessionRecord record, string prefix)
    {
        if (record.Uuid.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            || record.AgentSessionId.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var former in record.FormerIds)
        {
            if (former.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Of a whole id; of a prefix, the first of its range (<paramref name="filler"/> 0) or the last (255).</summary>
    public static UInt128 Key(string id, byte filler = 0)
    {
        Span<byte> key = stackalloc byte[KeyTable.KeySize];
        key.Fill(filler);
        Utf8.FromUtf16(Folded(id), key, out _, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(key);
    }

    /// <summary>The uuids a prefix may begin; false where it can begin none.</summary>
    public static bool TryUuids(string prefix, out UInt128 first, out UInt128 last)
    {
        (first, last) = (0, UInt128.MaxValue);
        if (prefix.Length > 36)
            return false;
        var bits = 128;
        for (var i = 0; i < prefix.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23)
            {
                if (prefix[i] != '-')
                    return false;
                continue;
            }

            if (!char.IsAsciiHexDigit(prefix[i]))
                return false;
            bits -= 4;
            first |= (UInt128)byte.Parse(prefix.AsSpan(i, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) << bits;
        }

        last = bits == 0 ? first : first | (UInt128.MaxValue >> (128 - bits));
        return true;
    }

    // No more than fills a key, as somebody's id may be long.
    private static string Folded(string id) => (id.Length > KeyTable.KeySize ? id[..KeyTable.KeySize] : id).ToUpperInvariant();
}
