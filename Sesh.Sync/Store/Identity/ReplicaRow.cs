using System.Globalization;
using System.Text;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Identity;

/// <summary>Whom a host writes as: a line of <c>own/replicas</c>. The last one of a host counts.</summary>
/// <param name="Host">See <see cref="HostId"/>.</param>
/// <param name="Inode">Of the table itself: a copied table is another file.</param>
/// <param name="Machine">The name it was born under, which stays.</param>
/// <param name="Shared">Writes the document that travels.</param>
/// <param name="Private">Writes the one that never leaves.</param>
internal sealed record ReplicaRow(string Host, long Inode, string Machine, ReplicaKeys Shared, ReplicaKeys Private)
{
    private const string Version = "1";
    private const int Parts = 9;

    public string Line()
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $"{Version} {Host} {Inode} {Machine} {Shared.Replica} {Hex(Shared)} {Private.Replica} {Hex(Private)}");
        return $"{body} {Crc.Of(Encoding.UTF8.GetBytes(body)):x8}\n";
    }

    /// <summary>Null for a line cut short, damaged, or of a newer version.</summary>
    public static ReplicaRow? Parse(string line)
    {
        var parts = line.Split(' ');
        if (parts.Length != Parts || parts[0] != Version)
            return null;
        var body = line[..line.LastIndexOf(' ')];
        if ($"{Crc.Of(Encoding.UTF8.GetBytes(body)):x8}" != parts[^1]
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            || Keys(parts[4], parts[5]) is not { } shared || Keys(parts[6], parts[7]) is not { } own)
            return null;
        return new ReplicaRow(parts[1], inode, parts[3], shared, own);
    }

    private static string Hex(ReplicaKeys keys) => Convert.ToHexStringLower(keys.Seed.AsSpan());

    private static ReplicaKeys? Keys(string replica, string seed)
    {
        var bytes = new byte[ReplicaKeys.SeedSize];
        return Documents.ReplicaId.TryParse(replica, out var id) && seed.Length == 2 * bytes.Length
            && Convert.FromHexString(seed, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? new ReplicaKeys(id, [.. bytes])
            : null;
    }
}
