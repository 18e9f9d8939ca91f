using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

/// <summary>Every document of a home, decoded: what the fold takes, and what is to be told of the files.</summary>
internal sealed class DocumentReading
{
    private DocumentReading(
        DocumentSet set,
        IReadOnlyList<(DocumentFile File, LoadedDocument Document)> loaded,
        HashSet<ReplicaId> whole,
        HashSet<ReplicaId> privates,
        IReadOnlyList<Notice> notices)
    {
        Set = set;
        Loaded = loaded;
        Whole = whole;
        Privates = privates;
        Notices = notices;
    }

    public DocumentSet Set { get; }

    /// <summary>Every file listed, whether a document was in it or not, as stat(2) had it before it was read.</summary>
    public required IReadOnlyList<DocumentFile> Files { get; init; }

    public IReadOnlyList<(DocumentFile File, LoadedDocument Document)> Loaded { get; }

    /// <summary>Replicas whose document this installation wrote and holds to its end.</summary>
    public IReadOnlySet<ReplicaId> Whole { get; }

    /// <summary>Replicas of private documents.</summary>
    public IReadOnlySet<ReplicaId> Privates { get; }

    public IReadOnlyList<Notice> Notices { get; }

    public static DocumentReading Of(DocumentFiles files)
    {
        var loaded = new List<(DocumentFile File, LoadedDocument Document)>();
        var notices = new List<Notice>();
        var quarantine = new Quarantine(files.Files, files.Paths);
        var listed = files.List();
        foreach (var file in listed)
        {
            if (files.Load(file) is { } document)
            {
                loaded.Add((file, document));
                DocumentNotices.Add(notices, file, document, quarantine);
            }
            else if (files.Files.Stat(file.Path) is not null)
            {
                notices.Add(DocumentNotices.Foreign(file));
            }
        }

        var privates = new HashSet<ReplicaId>();
        var copies = new List<Document>();
        foreach (var (file, document) in loaded)
        {
            copies.Add(document.Document);
            if (file.Place == DocumentPlace.Private)
                privates.Add(document.Header.Replica);
            if (!document.Behind.IsEmpty)
                copies.Add(Fragment(document));
        }

        files.IsPublished &= !HasOlderCopy(loaded);
        var whole = WholeOf(loaded, files);
        var set = DocumentSet.Of(copies, whole);
        foreach (var replica in set.Forked)
            notices.Add(DocumentNotices.Forked(replica, set.MachineOf(replica)));
        return new DocumentReading(set, loaded, whole, privates, notices) { Files = listed };
    }

    /// <summary>
    /// Replicas of own documents that never were damaged: what they do not hold was never written. Of one that was cut, others may hold more.
    /// </summary>
    public static HashSet<ReplicaId> WholeOf(IEnumerable<(DocumentFile File, LoadedDocument Document)> loaded, DocumentFiles files)
    {
        var cut = new ReplicaTable(files.Files, files.Paths).Cut();
        return [.. loaded.Where(l => l.File.IsOwn && l.Document.Damage.IsEmpty).Select(l => l.Document.Header.Replica).Where(r => !cut.Contains(r))];
    }

    public SessionRecord Record(SessionState state) => Fold.Record(state, Set.MachineOf, IsPrivate(state, Privates));

    /// <summary>Whether a session stands in private documents alone.</summary>
    public static bool IsPrivate(SessionState state, IReadOnlySet<ReplicaId> privates)
    {
        if (privates.Count == 0)
            return false;
        foreach (var register in state.Registers)
        {
            foreach (var survivor in register.Survivors)
            {
                if (!privates.Contains(survivor.Name.Replica))
                    return false;
            }
        }

        return true;
    }

    private static bool HasOlderCopy(List<(DocumentFile File, LoadedDocument Document)> loaded) => loaded.Exists(
        own => own.File.Place == DocumentPlace.Own && loaded.Exists(copy => !copy.File.IsOwn && Publication.IsOlder(copy.Document, own.Document)));

    // Sound entries behind damage count here and now as if quoted; under a replica id that nobody has, told by the document's own.
    private static Document Fragment(LoadedDocument document)
    {
        var replica = new ReplicaId(~document.Header.Replica.Bits);
        return new Document
        {
            Replica = replica,
            Machine = document.Header.Machine,
            Frames = [new Frame(1, 1, document.Document.Head, document.Behind, null, Quotes: true)],
        };
    }
}
