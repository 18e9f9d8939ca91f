using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>Makes the bytes of a document file.</summary>
internal static class DocumentWriter
{
    public static byte[] Header(DocumentHeader header)
    {
        var payload = HeaderPayload.Write(header);
        return Block.Encode(BlockKind.Header, Digest.Zero, ChainHash.Of(Digest.Zero, header.Replica, payload), payload);
    }

    /// <param name="at">The chain's digest at the end of what was compacted.</param>
    public static byte[] Base(ReplicaId replica, Digest at, ImmutableArray<BaseEntry> entries)
    {
        var payload = BasePayload.Write(replica, entries);
        return Block.Encode(BlockKind.Base, at, ChainHash.Of(at, replica, payload), Inflation.Deflate(payload));
    }

    /// <summary>A frame's block, and the frame with the digest and check that it gets by standing there.</summary>
    public static (byte[] Block, Frame Frame) Frame(ReplicaId replica, Digest before, Frame frame)
    {
        var payload = FramePayload.Write(frame);
        var digest = ChainHash.Of(before, replica, payload);
        var block = Block.Encode(BlockKind.Frame, before, digest, payload);
        if (!frame.Quotes)
        {
            frame = frame with
            {
                Entries = [.. frame.Entries.Select(e => e with { Name = e.Name with { Check = digest.Check } })],
            };
        }

        return (block, frame with { Digest = digest });
    }
}
