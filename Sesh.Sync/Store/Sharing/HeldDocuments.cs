using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;
using Sesh.Sync.Store.Index;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// The documents of a home that may leave it, by replica. Private ones are never among them; of the others what somebody vouches for: this installation for what it
/// wrote, a signed head for what it received. Files are read when asked for.
/// </summary>
internal sealed class HeldDocuments
{
    private readonly DocumentFiles _files;
    private readonly Heads _heads;
    private readonly IReadOnlyDictionary<ReplicaId, ReplicaKeys> _keys;
    private readonly SortedDictionary<ReplicaId, List<DocumentFile>> _byReplica = [];
    private readonly Dictionary<ReplicaId, IndexedDocument> _indexed = [];
    private readonly Dictionary<ReplicaId, IReadOnlyList<HeldBranch>> _branches = [];

    private HeldDocuments(DocumentFiles files)
    {
        _files = files;
        _heads = new Heads(files.Files, files.Paths);
        _keys = new ReplicaTable(files.Files, files.Paths).SharedKeys();
    }

    public static HeldDocuments Of(DocumentFiles files, TimeProvider time)
    {
        var held = new HeldDocuments(files);
        if (files.Files is not PosixFiles || !held.TryIndex(time))
            held.ReadAll();
        return held;
    }

    public IEnumerable<ReplicaId> Replicas => _byReplica.Keys;

    /// <summary>In ascending order of replica, then of head.</summary>
    public ImmutableArray<DocumentState> States() => [.. Replicas.SelectMany(StatesOf)];

    /// <summary>What is held of each branch, as far as it is vouched for.</summary>
    public IReadOnlyList<DocumentState> StatesOf(ReplicaId replica)
    {
        // Most documents are one file that is vouched for to its end, and the index knows where that is.
        if (_indexed.TryGetValue(replica, out var document))
        {
            var (end, digest) = (document.Head.End, document.Head.Digest);
            var isVouched = document.IsOwn ? _keys.ContainsKey(replica) : _heads.Of(replica).Any(h => h.End == end && h.Digest == digest);
            if (isVouched && end > 0)
                return [HeldBranch.StateOf(replica, document.Start.Generation, end, digest, document.Start.CompactedTo, document.AgedTo)];
        }

        return [.. Branches(replica).Select(b => b.State).OrderBy(s => s.Head)];
    }

    /// <summary>The branches that anybody vouches for.</summary>
    public IReadOnlyList<HeldBranch> Branches(ReplicaId replica)
    {
        if (_branches.TryGetValue(replica, out var branches))
            return branches;
        var files = _byReplica[replica];
        var own = files.Find(f => f.IsOwn);
        var ownOutline = own is null ? null : Read(own, replica);
        IReadOnlyList<Outline> outlines = files.Count == 1
            ? ownOutline is not null ? [ownOutline] : own is null && Read(files[0], replica) is { } received ? [received] : []
            : [.. JoinedDocuments.Of([.. files.Select(f => Load(f, replica)).OfType<LoadedDocument>()]).Select(d => Outline.Of(d.Bytes[..d.SoundLength])).OfType<Outline>()];
        var heads = _heads.Of(replica);
        return _branches[replica] = [.. outlines.Select(o => new HeldBranch(o, heads, ownOutline, _keys.GetValueOrDefault(replica))).Where(b => b.VouchedEnd > 0)];
    }

    /// <summary>Makes durable what this installation wrote of a document: nobody gives away what a power cut could take back.</summary>
    public void Sync(ReplicaId replica)
    {
        if (_byReplica[replica].Find(f => f.IsOwn) is not { } own)
            return;
        using var file = _files.Files.Append(own.Path);
        file.Sync();
    }

    private bool TryIndex(TimeProvider time)
    {
        using var sessions = OpenIndex() ?? MadeIndex(time);
        if (sessions is null)
            return false;
        foreach (var document in sessions.Tail.Documents)
        {
            if (document.IsForeign || document.IsPrivate)
                continue;
            var place = document.IsOwn ? DocumentPlace.Own : DocumentPlace.Docs;
            Add(document.Replica, new DocumentFile(Path.Join(_files.Paths.Home, document.Path), place, default, null));
            _indexed[document.Replica] = document;
        }

        foreach (var (replica, files) in _byReplica)
        {
            if (files.Count > 1)
                _indexed.Remove(replica);
        }

        return true;
    }

    private IndexedSessions? OpenIndex()
    {
        try
        {
            return IndexedSessions.Open(SessionSource.PathOf(_files.Paths), _files);
        }
        catch (Exception e) when (e is IndexCorruptException or StoreFileException)
        {
            // The documents know everything it knew.
            return null;
        }
    }

    // Whoever finds it missing builds it.
    private IndexedSessions? MadeIndex(TimeProvider time)
    {
        if (_files.Files.Stat(_files.Paths.Home) is null)
            return null;
        try
        {
            _ = SessionSource.Of(_files, time);
        }
        catch (SeshException)
        {
            // A document of a newer version: the others can be given away all the same.
            return null;
        }

        return OpenIndex();
    }

    private void ReadAll()
    {
        foreach (var file in _files.List())
        {
            if (file.Place != DocumentPlace.Private && Load(file, null) is { } document)
                Add(document.Header.Replica, file);
        }
    }

    private void Add(ReplicaId replica, DocumentFile file)
    {
        if (!_byReplica.TryGetValue(replica, out var files))
            _byReplica.Add(replica, files = []);
        files.Add(file);
    }

    private LoadedDocument? Load(DocumentFile file, ReplicaId? replica) => HeldFile.Load(_files, file) is { } document && (replica ?? document.Header.Replica) == document.Header.Replica
        ? document
        : null;

    private Outline? Read(DocumentFile file, ReplicaId replica)
    {
        try
        {
            return Outline.Of(_files.Files.Read(file.Path)) is { Header.Private: false } outline && outline.Header.Replica == replica ? outline : null;
        }
        catch (StoreFileException e) when (e.Fault == FileFault.Missing)
        {
            return null;
        }
    }
}
