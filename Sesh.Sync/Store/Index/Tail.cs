using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>What was appended behind an index.</summary>
internal sealed class Tail
{
    private readonly Dictionary<SessionId, List<Entry>> _entries = [];
    private SessionId[]? _sessions;

    private Tail(HeldChains chains, Times times, NamedMarks named, IReadOnlyList<IndexedDocument> documents)
    {
        Chains = chains;
        Times = times;
        Named = named;
        Documents = documents;
    }

    public HeldChains Chains { get; }

    public Times Times { get; }

    public NamedMarks Named { get; }

    /// <summary>The index's documents as they stand now.</summary>
    public IReadOnlyList<IndexedDocument> Documents { get; }

    /// <summary>Bytes of the frames.</summary>
    public long Length { get; private set; }

    /// <summary>Sessions that the frames touch, ascending: so the index is read from front to back.</summary>
    public IReadOnlyList<SessionId> Sessions => _sessions ??= [.. _entries.Keys.Order()];

    /// <summary>
    /// Compares the files with those the index was made of, and reads what was appended. Null where that is not all that happened: then the index is to be built anew.
    /// </summary>
    public static Tail? Read(IndexFile file, IndexHead head, DocumentFiles files)
    {
        var now = files.List();
        if (now.Count != head.Documents.Count)
            return null;
        var documents = new List<IndexedDocument>(now.Count);
        List<(IndexedDocument Document, IReadOnlyList<Frame> Frames)>? grown = null;
        for (var i = 0; i < now.Count; i++)
        {
            var known = head.Documents[i];
            var identity = FileIdentity.Of(now[i].Facts);
            if (!now[i].Path.AsSpan(files.Paths.Home.Length).TrimStart('/').SequenceEqual(known.Path))
                return null;
            if (identity == known.Identity)
            {
                documents.Add(known);
                continue;
            }

            if (!head.IsPlain || known.IsForeign || !IsGrown(known, identity) || files.LoadBehind(now[i], known.Replica, known.Head, out var end) is not { } frames)
                return null;
            documents.Add(known with { Identity = identity, Head = end });
            (grown ??= []).Add((documents[^1], frames));
        }

        var tail = new Tail(new HeldChains(file, head), grown is null ? head.Times : head.Times.Grow(), grown is null ? head.Named : head.Named.Grow(), documents);
        return grown is null || tail.Add(grown, head) ? tail : null;
    }

    public IReadOnlyList<Entry> Of(SessionId session) => _entries.TryGetValue(session, out var entries) ? entries : [];

    // Of the same inode may be another file that was copied over it: only a frame that links to the known head proves that it grew.
    private static bool IsGrown(IndexedDocument known, FileIdentity now) =>
        now.Device == known.Identity.Device && now.Inode == known.Identity.Inode && now.Size > known.Head.Length;

    private bool Add(List<(IndexedDocument Document, IReadOnlyList<Frame> Frames)> grown, IndexHead head)
    {
        // All chains first: contexts name what other documents have only now.
        foreach (var (document, frames) in grown)
        {
            var chain = Chains.Of(document.Replica);
            foreach (var frame in frames)
            {
                if (frame.Quotes)
                    return false;
                chain.Add(frame);
            }

            if (Named.IsReached(document.Replica, chain.End))
                return false;
        }

        // What this installation wrote names what it saw in these same files: looking it all up again would be most of a write's reading.
        var isTrusted = grown.TrueForAll(g => g.Document.IsOwn);
        foreach (var (document, frames) in grown)
        {
            foreach (var frame in frames)
            {
                foreach (var entry in frame.Entries)
                {
                    if (!Add(entry, isTrusted))
                        return false;
                }
            }

            Length += document.Head.Length - head.Documents.First(d => d.Path == document.Path).Head.Length;
        }

        return true;
    }

    private bool Add(Entry entry, bool isTrusted)
    {
        Times.Add(entry.Hlc);
        foreach (var (replica, marks) in entry.Context.Seen)
        {
            foreach (var mark in marks)
            {
                if (!isTrusted && replica != entry.Name.Replica && Chains.IsElsewhere(replica, mark))
                    return false;
                Named.Add(replica, mark.Seq, Chains.IsHeld(replica, mark.Seq));
            }
        }

        if (!_entries.TryGetValue(entry.Register.Session, out var entries))
            _entries.Add(entry.Register.Session, entries = []);
        entries.Add(entry);
        return true;
    }
}
