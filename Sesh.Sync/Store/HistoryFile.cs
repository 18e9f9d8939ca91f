using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store;

/// <summary>
/// The frames that compaction took out of a document and that have not aged out, as they stood there: a header, then blocks. Only op log, history and
/// undo read it, and nothing depends on it.
/// </summary>
internal static class HistoryFile
{
    /// <summary>None where there is no such file; damaged ones are left out.</summary>
    public static IReadOnlyList<(Frame Frame, ReadOnlyMemory<byte> Block)> Read(IStoreFiles files, string document, ReplicaId replica)
    {
        var path = StorePaths.History(document);
        if (files.Stat(path) is null)
            return [];
        ReadOnlyMemory<byte> bytes = files.Read(path);
        var frames = new List<(Frame, ReadOnlyMemory<byte>)>();
        for (var at = 0; Block.Next(bytes.Span, at, out var block); at = block.End)
        {
            if (block.Kind != BlockKind.Frame)
                continue;
            try
            {
                frames.Add((FramePayload.Read(block.Payload(bytes), replica, block.Digest), bytes[block.Offset..block.End]));
            }
            catch (MalformedException)
            {
                // History only: what cannot be read is not shown.
            }
        }

        return frames;
    }

    /// <summary>What the file holds after a compaction: of the old one and of the document what ends behind <paramref name="agedTo"/>.</summary>
    public static byte[] Write(DocumentHeader header, IReadOnlyList<(Frame Frame, ReadOnlyMemory<byte> Block)> old, LoadedDocument document, long agedTo)
    {
        using var bytes = new MemoryStream();
        bytes.Write(DocumentWriter.Header(header));
        var last = 0L;
        foreach (var (frame, block) in old)
        {
            if (frame.End <= agedTo)
                continue;
            bytes.Write(block.Span);
            last = frame.End;
        }

        var frames = document.Document.Frames;
        for (var i = 0; i < frames.Length; i++)
        {
            var end = i + 1 < frames.Length ? document.FrameOffsets[i + 1] : document.SoundLength;
            if (frames[i].End > agedTo && frames[i].Start > last)
                bytes.Write(document.Bytes.Span[document.FrameOffsets[i]..end]);
        }

        return bytes.ToArray();
    }
}
