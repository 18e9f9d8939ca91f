using System.Buffers.Binary;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>Makes an index of the one before and what was appended behind it, without the documents.</summary>
internal static class IndexMerge
{
    private const long LeastTail = 8 << 10;
    private const long MostTail = 128 << 10;
    private const long TailsInAnIndex = 256;

    /// <summary>
    /// Whether a merge costs less than going on to decode the frames at every open: a merge rewrites the whole file, so a larger one waits for more.
    /// </summary>
    public static bool IsDue(IndexedSessions sessions) =>
        sessions.Tail.Length > Math.Clamp(sessions.FileLength / TailsInAnIndex, LeastTail, MostTail);

    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string path, IndexedSessions before)
    {
        using var writer = new IndexFileWriter(path);
        var replicas = before.Head.Replicas.Grow();
        var words = before.Head.Words.Grow();
        var tags = new Dictionary<string, int>(before.Tags(), StringComparer.Ordinal);
        var body = new IndexBody(writer, replicas, words, []);
        var touched = before.Tail.Sessions;
        var next = 0;
        foreach (var (session, record, registers) in before.Pieces())
        {
            for (; next < touched.Count && touched[next].CompareTo(session) < 0; next++)
                AddTouched(body, before, touched[next]);
            if (next < touched.Count && touched[next] == session)
                AddTouched(body, before, touched[next++]);
            else
                body.AddPieces(session, record.Span, registers.Span);
        }

        for (; next < touched.Count; next++)
            AddTouched(body, before, touched[next]);
        foreach (var (key, session) in before.AliasKeys())
        {
            if (before.Tail.Of(session).Count == 0)
                body.AddAlias(key, session);
        }

        var (uuids, aliases, recordsAt, recordsLength) = body.Finish();
        var head = new ByteSink(4096);
        new IndexHead
        {
            Documents = [.. before.Tail.Documents.Select(d => d.IsForeign ? d : d with { Marks = Marks(writer, before, d) })],
            IsPlain = true,
            Notices = before.Notices,
            Replicas = replicas,
            Words = words,
            Times = before.Tail.Times,
            Named = before.Tail.Named,
            Tags = tags,
            Uuids = uuids,
            Aliases = aliases,
            Shown = body.Shown,
            RecordsAt = recordsAt,
            RecordsLength = recordsLength,
        }.Write(head);
        writer.Finish(head.Written);
    }

    private static void AddTouched(IndexBody body, IndexedSessions before, SessionId session)
    {
        var state = before.State(session)!;
        body.Add(state, before.Record(state));
    }

    private static TablePlace Marks(IndexFileWriter writer, IndexedSessions before, IndexedDocument document)
    {
        var indexed = before.MarksOf(document).ReadAll();
        var behind = before.Tail.Chains.Of(document.Replica).Behind;
        var marks = new byte[indexed.Length + behind.Count * KeyTable.KeySize];
        indexed.CopyTo(marks, 0);
        for (var i = 0; i < behind.Count; i++)
            BinaryPrimitives.WriteUInt128BigEndian(marks.AsSpan(indexed.Length + i * KeyTable.KeySize), HeldChain.Key(behind[i].End, behind[i].Check));
        return KeyTable.Write(writer, marks, 0);
    }
}
