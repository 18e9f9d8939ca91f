using System.Buffers.Binary;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>Makes an index of documents that were all decoded.</summary>
internal static class IndexBuilder
{
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string path, string home, DocumentReading reading, long wall)
    {
        using var writer = new IndexFileWriter(path);
        var replicas = new ReplicaNumbers();
        var words = new Words();
        var tags = new Dictionary<string, int>(StringComparer.Ordinal);
        var body = new IndexBody(writer, replicas, words, tags);
        foreach (var state in reading.Set.States())
            body.Add(state, state.ShowsNothing ? null : reading.Record(state));
        var (uuids, aliases, recordsAt, recordsLength) = body.Finish();

        var chains = new Dictionary<ReplicaId, Chain>();
        var documents = Documents(writer, home, reading, chains);
        var scan = new EntryScan(reading, chains, wall);
        foreach (var replica in replicas.All())
            replicas.Of(replica, reading.Set.MachineOf(replica));
        foreach (var document in reading.Set.Documents)
            replicas.Of(document.Replica, reading.Set.MachineOf(document.Replica));

        var head = new ByteSink(4096);
        new IndexHead
        {
            Documents = documents,
            IsPlain = scan.IsPlain,
            Notices = reading.Notices,
            Replicas = replicas,
            Words = words,
            Times = scan.Times,
            Named = scan.Named,
            Tags = tags,
            Uuids = uuids,
            Aliases = aliases,
            Shown = body.Shown,
            RecordsAt = recordsAt,
            RecordsLength = recordsLength,
        }.Write(head);
        writer.Finish(head.Written);
    }

    private static List<IndexedDocument> Documents(IndexFileWriter writer, string home, DocumentReading reading, Dictionary<ReplicaId, Chain> chains)
    {
        var documents = new List<IndexedDocument>();
        foreach (var file in reading.Files)
        {
            var identity = FileIdentity.Of(file.Facts);
            var path = Path.GetRelativePath(home, file.Path);
            var loaded = reading.Loaded.FirstOrDefault(l => l.File == file).Document;
            if (loaded is null)
            {
                documents.Add(new IndexedDocument(path, false, file.IsOwn, false, true, identity, default, default, default, 0, default));
                continue;
            }

            var chain = Chain.Of(loaded.Document);
            chains[loaded.Document.Replica] = chain;
            documents.Add(new IndexedDocument(
                path,
                file.Place == DocumentPlace.Private,
                file.IsOwn,
                reading.Whole.Contains(loaded.Document.Replica),
                false,
                identity,
                loaded.Document.Replica,
                new DocumentHead(loaded.Document.End, loaded.Document.Head, loaded.SoundLength),
                new ChainStart(loaded.Document.Generation, loaded.Document.CompactedTo),
                chain.AgedTo,
                KeyTable.Write(writer, Marks(chain), 0)));
        }

        return documents;
    }

    private static ReadOnlySpan<byte> Marks(Chain chain)
    {
        var marks = new byte[(chain.Ends.Length - 1) * KeyTable.KeySize];
        for (var i = 1; i < chain.Ends.Length; i++)
            BinaryPrimitives.WriteUInt128BigEndian(marks.AsSpan((i - 1) * KeyTable.KeySize), HeldChain.Key(chain.Ends[i], chain.Checks[i]));
        return marks;
    }
}
