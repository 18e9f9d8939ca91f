namespace Sesh.Sync.Store.Index;

/// <summary>What an index says of itself: of which files it was made, and where its sections lie.</summary>
internal sealed class IndexHead
{
    /// <summary>In the order of their paths; files that are no documents too, as their coming and going is told.</summary>
    public required IReadOnlyList<IndexedDocument> Documents { get; init; }

    /// <summary>
    /// One sound file a replica, nothing forked, nothing quoted: then frames appended behind are taken in one by one. Else any change of the files means to build anew.
    /// </summary>
    public required bool IsPlain { get; init; }

    public required IReadOnlyList<Notice> Notices { get; init; }

    public required ReplicaNumbers Replicas { get; init; }

    public required Words Words { get; init; }

    public required Times Times { get; init; }

    public required NamedMarks Named { get; init; }

    public required IReadOnlyDictionary<string, int> Tags { get; init; }

    public required TablePlace Uuids { get; init; }

    public required TablePlace Aliases { get; init; }

    /// <summary>Sessions with a record; the others' registers show nothing.</summary>
    public required int Shown { get; init; }

    /// <summary>The records, one behind the other in ascending order of uuid.</summary>
    public required long RecordsAt { get; init; }

    public required long RecordsLength { get; init; }

    public void Write(ByteSink sink)
    {
        sink.Byte(IsPlain ? (byte)1 : (byte)0);
        sink.Number(Documents.Count);
        foreach (var document in Documents)
            document.Write(sink);
        sink.Number(Notices.Count);
        foreach (var notice in Notices)
            Write(sink, notice);
        Replicas.WriteAll(sink);
        Words.WriteAll(sink);
        Times.Write(sink);
        Named.Write(sink);
        sink.Number(Tags.Count);
        foreach (var (tag, count) in Tags)
        {
            sink.Text(tag);
            sink.Number(count);
        }

        Uuids.Write(sink);
        Aliases.Write(sink);
        sink.Number(Shown);
        sink.Number(RecordsAt);
        sink.Number(RecordsLength);
    }

    public static IndexHead Read(ReadOnlySpan<byte> bytes)
    {
        var source = new ByteSource(bytes);
        var isPlain = source.Byte() != 0;
        var documents = new IndexedDocument[source.Count(32)];
        for (var i = 0; i < documents.Length; i++)
            documents[i] = IndexedDocument.Read(ref source);
        var notices = new Notice[source.Count(4)];
        for (var i = 0; i < notices.Length; i++)
            notices[i] = ReadNotice(ref source);
        return new IndexHead
        {
            IsPlain = isPlain,
            Documents = documents,
            Notices = notices,
            Replicas = ReplicaNumbers.ReadAll(ref source),
            Words = Words.ReadAll(ref source),
            Times = Times.Read(ref source),
            Named = NamedMarks.Read(ref source),
            Tags = ReadTags(ref source),
            Uuids = TablePlace.Read(ref source),
            Aliases = TablePlace.Read(ref source),
            Shown = checked((int)source.Long()),
            RecordsAt = source.Long(),
            RecordsLength = source.Long(),
        };
    }

    private static void Write(ByteSink sink, Notice notice)
    {
        sink.Byte((byte)((notice.Quiet ? 1 : 0) | (notice.Hint is null ? 0 : 2)));
        sink.Text(notice.Code);
        sink.Text(notice.Message);
        sink.Text(notice.Hint ?? "");
    }

    private static Notice ReadNotice(ref ByteSource source)
    {
        var flags = source.Byte();
        var (code, message, hint) = (source.Text(), source.Text(), source.Text());
        return new Notice(code, message, (flags & 2) == 0 ? null : hint, (flags & 1) != 0);
    }

    private static Dictionary<string, int> ReadTags(ref ByteSource source)
    {
        var count = source.Count(2);
        var tags = new Dictionary<string, int>(count, StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            var tag = source.Text();
            tags[tag] = (int)source.Number();
        }

        return tags;
    }
}
