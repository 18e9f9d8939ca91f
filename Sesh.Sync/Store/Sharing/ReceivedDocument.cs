using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// The files of one replica's document while something is taken into them, under its lock. Files under own/ are looked at and never changed; the copy of an own document
/// in docs/ is the writer's, who has another lock. So what comes of an own document lies beside it, and the store's rules for copies do the rest.
/// </summary>
internal sealed class ReceivedDocument : IDisposable
{
    private readonly DocumentFiles _documents;
    private readonly IStoreFiles _files;
    private readonly StorePaths _paths;
    private readonly ReplicaId _replica;
    private readonly IDisposable _lock;
    private readonly string? _published;

    private ReceivedDocument(DocumentFiles documents, ReplicaId replica, IDisposable held)
    {
        (_documents, _files, _paths, _replica, _lock) = (documents, documents.Files, documents.Paths, replica, held);
        _published = new ReplicaTable(_files, _paths).KeysOf(replica) is { } known ? _paths.Published(replica, known.Machine) : null;
        Heads = new Heads(_files, _paths);
        Files = [.. ListOf(documents.ListAll(), replica)];
    }

    public Heads Heads { get; }

    /// <summary>Those in docs/ that may be changed first.</summary>
    public IReadOnlyList<DocumentFile> Files { get; }

    public static ReceivedDocument Open(DocumentFiles documents, ReplicaId replica)
    {
        var (files, paths) = (documents.Files, documents.Paths);
        HomeFolder.Prepare(files, paths);
        ReceivedFolders.Make(files, paths.Received);
        var held = files.Lock(Path.Join(paths.Received, $"{replica}.lock"));
        try
        {
            return new ReceivedDocument(documents, replica, held);
        }
        catch
        {
            // Whatever stopped it, the next must not wait for this one.
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether any file may hold something of it. Takes no lock.</summary>
    public static bool IsHeld(DocumentFiles documents, ReplicaId replica) => ListOf(documents.ListAll(), replica).Any();

    public void Dispose() => _lock.Dispose();

    public bool MayChange(DocumentFile file) => !file.IsOwn && file.Path != _published;

    public LoadedDocument? Load(DocumentFile file) => HeldFile.Load(_documents, file) is { } document && document.Header.Replica == _replica ? document : null;

    /// <summary>
    /// All of them, decoded; the same that this home says it holds: not the writer's copy of his own document where that lags behind, for what another branch would make of it is gone with the next write.
    /// </summary>
    public IReadOnlyList<(DocumentFile File, LoadedDocument Document)> Copies() =>
        [.. ListOf(_documents.List(), _replica).Select(f => (File: f, Document: Load(f))).Where(f => f.Document is not null).Select(f => (f.File, f.Document!))];

    /// <summary>Null for what is no document of this replica and its key.</summary>
    public Outline? Read(DocumentFile file)
    {
        try
        {
            return Outline.Of(_files.Read(file.Path)) is { Header.Private: false } outline && outline.Header.Replica == _replica
                && ReplicaKeys.IdOf(outline.Header.PublicKey.AsSpan()) == _replica ? outline : null;
        }
        catch (StoreFileException e) when (e.Fault == FileFault.Missing)
        {
            return null;
        }
    }

    /// <summary>Appends blocks to a file that is sound but for a frame never finished; what stands in their way is kept in quarantine.</summary>
    public void Append(DocumentFile file, Outline outline, ReadOnlySpan<byte> blocks)
    {
        using var open = _files.Append(file.Path);
        if (!outline.IsWhole)
        {
            Keep(file);
            open.Truncate(outline.Length);
        }

        open.AppendDurably(blocks);
    }

    /// <summary>Puts a document in the place of one whose every sound entry it holds.</summary>
    public void Replace(DocumentFile file, ReadOnlySpan<byte> bytes)
    {
        Keep(file);
        _files.Replace(file.Path, bytes);
    }

    /// <summary>A path where nothing is, for a document or one more branch of it.</summary>
    /// <exception cref="RefusedParcelException">There are too many.</exception>
    public string FreePath(string machine, Digest head, int length)
    {
        if (Files.Count(f => !f.IsOwn) >= SharingLimits.Branches)
            throw new RefusedParcelException($"there are {SharingLimits.Branches} branches of it already");
        var all = _documents.ListAll().Where(f => !f.IsOwn).ToList();
        if (all.Count >= SharingLimits.Files || all.Sum(f => f.Facts.Size) + length > SharingLimits.AllFiles)
            throw new RefusedParcelException("docs/ holds as much as it takes");
        return Free(machine, head);
    }

    /// <summary>Puts a document there.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes) => _files.Replace(path, bytes);

    /// <summary>Takes damaged files away of which another holds all that is sound; their damage is kept in quarantine.</summary>
    public void Tidy()
    {
        if (!ListOf(_documents.ListAll(), _replica).Any(f => MayChange(f) && Read(f) is { IsWhole: false }))
            return;
        var copies = Copies();
        foreach (var (file, document) in copies.Where(c => MayChange(c.File) && !c.Document.IsSound))
        {
            if (!copies.Any(c => c.Document.IsSound && IsCovered(document, c.Document.Document.End) && ReferenceEquals(JoinedDocuments.Join(c.Document, document), c.Document)))
                continue;
            Keep(file);
            _files.Remove(file.Path);
            _files.SyncFolder(_paths.Docs);
        }
    }

    /// <summary>Whether who holds a document up to there misses nothing that is sound behind its damage.</summary>
    public static bool IsCovered(LoadedDocument document, long end) => document.Behind.All(e => e.Name.Replica == document.Header.Replica && e.Name.Seq <= end);

    /// <summary>Copies a whole file to quarantine/.</summary>
    public void KeepWhole(DocumentFile file, ReadOnlyMemory<byte> bytes) => new Quarantine(_files, _paths).KeepWhole(file.Path, bytes);

    /// <summary>Copies what is damaged in a file to quarantine/.</summary>
    private void Keep(DocumentFile file)
    {
        if (_documents.Load(file) is { IsSound: false } document)
            new Quarantine(_files, _paths).Keep(file.Path, document);
    }

    // The writer names branches by half as many digits.
    private string Free(string machine, Digest head)
    {
        var path = _paths.Published(_replica, machine);
        var isOurs = _published is not null || _files.Stat(_paths.OwnDocument(_replica, isPrivate: false)) is not null;
        var name = $"{machine}.{_replica}.{head.High:x32}";
        for (var i = 1; isOurs || _files.Stat(path) is not null; i++)
        {
            isOurs = false;
            path = Path.Join(_paths.Docs, name + (i == 1 ? "" : $".{i}") + StorePaths.Extension);
        }

        return path;
    }

    private static IEnumerable<DocumentFile> ListOf(IEnumerable<DocumentFile> files, ReplicaId replica) => files
        .Where(f => f.Place != DocumentPlace.Private && f.Hint?.Replica == replica).OrderBy(f => f.IsOwn).ThenBy(f => f.Path, StringComparer.Ordinal);
}
