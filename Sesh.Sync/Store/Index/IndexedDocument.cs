using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store.Index;

/// <summary>What tells that a file is the one that was read: as stat(2) had it before it was read.</summary>
internal readonly record struct FileIdentity(long Device, long Inode, long Size, long ModifiedAt)
{
    public static FileIdentity Of(FileFacts facts) => new(facts.Device, facts.Inode, facts.Size, facts.ModifiedAt);
}

/// <summary>Where a document's frames begin.</summary>
/// <param name="Generation">How often it was compacted.</param>
/// <param name="CompactedTo">S.</param>
internal readonly record struct ChainStart(long Generation, long CompactedTo);

/// <summary>A document file as the index knows it.</summary>
/// <param name="Path">Under the home.</param>
/// <param name="IsPrivate">Of private sessions.</param>
/// <param name="IsOwn">Written by this installation.</param>
/// <param name="IsWhole">That, and never damaged: see <see cref="DocumentReading.Whole"/>.</param>
/// <param name="IsForeign">No document of ours; nothing else is known of it.</param>
/// <param name="Head">Where its sound prefix ends.</param>
/// <param name="Start">Where its frames begin.</param>
/// <param name="AgedTo">See <see cref="Chain.AgedTo"/>.</param>
/// <param name="Marks">The ends and checks of its chain.</param>
internal sealed record IndexedDocument(
    string Path,
    bool IsPrivate,
    bool IsOwn,
    bool IsWhole,
    bool IsForeign,
    FileIdentity Identity,
    ReplicaId Replica,
    DocumentHead Head,
    ChainStart Start,
    long AgedTo,
    TablePlace Marks)
{
    public void Write(ByteSink sink)
    {
        sink.Text(Path);
        sink.Byte((byte)((IsPrivate ? 1 : 0) | (IsOwn ? 2 : 0) | (IsForeign ? 4 : 0) | (IsWhole ? 8 : 0)));
        sink.UInt64((ulong)Identity.Device);
        sink.UInt64((ulong)Identity.Inode);
        sink.UInt64((ulong)Identity.Size);
        sink.UInt64((ulong)Identity.ModifiedAt);
        sink.UInt128(Replica.Bits);
        sink.Number(Head.End);
        Head.Digest.Write(sink.Reserve(Digest.Size));
        sink.Number(Head.Length);
        sink.Number(Start.Generation);
        sink.Number(Start.CompactedTo);
        sink.Number(AgedTo);
        Marks.Write(sink);
    }

    public static IndexedDocument Read(ref ByteSource source)
    {
        var path = source.Text();
        var flags = source.Byte();
        return new IndexedDocument(
            path,
            (flags & 1) != 0,
            (flags & 2) != 0,
            (flags & 8) != 0,
            (flags & 4) != 0,
            new FileIdentity((long)source.UInt64(), (long)source.UInt64(), (long)source.UInt64(), (long)source.UInt64()),
            new ReplicaId(source.UInt128()),
            new DocumentHead(source.Long(), Digest.Read(source.Bytes(Digest.Size)), source.Long()),
            new ChainStart(source.Long(), source.Long()),
            source.Long(),
            TablePlace.Read(ref source));
    }
}
