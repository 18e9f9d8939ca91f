using System.Text;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Identity;

/// <summary>
/// A line of <c>own/replicas</c> that names a document of ours which was cut at damage: others may hold what stood behind.
/// </summary>
internal static class CutLine
{
    private const string Word = "cut";

    public static string Of(ReplicaId replica)
    {
        var body = $"{Word} {replica}";
        return $"{body} {Checksum(body)}\n";
    }

    /// <summary>Null for any other line.</summary>
    public static ReplicaId? Parse(string line) =>
        line.Split(' ') is [Word, var id, var checksum] && ReplicaId.TryParse(id, out var replica) && checksum == Checksum($"{Word} {id}") ? replica : null;

    private static string Checksum(string body) => $"{Crc.Of(Encoding.UTF8.GetBytes(body)):x8}";
}
