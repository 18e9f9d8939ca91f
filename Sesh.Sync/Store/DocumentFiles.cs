using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store;

/// <summary>
/// The document files of a home. Needs no lock: files grow at their end or are replaced as a whole, so whoever reads sees a sound prefix.
/// </summary>
internal sealed class DocumentFiles(IStoreFiles files, StorePaths paths)
{
    private const int MirrorTail = 4096;

    public IStoreFiles Files { get; } = files;

    public StorePaths Paths { get; } = paths;

    /// <summary>False when a reader last found that docs/ lacks something this installation wrote: see <see cref="Publication.TryRenewAll"/>.</summary>
    public bool IsPublished { get; set; } = true;

    /// <summary>
    /// Every file that may hold a document, in the order of their paths. Left out: this installation's own documents as published in docs/, where they are
    /// what own/ holds or the beginning of it.
    /// </summary>
    public IReadOnlyList<DocumentFile> List()
    {
        var all = List(true);
        all.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return all;
    }

    /// <summary>Every file that may hold a document, those included.</summary>
    public IReadOnlyList<DocumentFile> ListAll() => List(false);

    /// <summary>Reads one whole; null where it is gone or no document of ours.</summary>
    /// <exception cref="SeshException">It is of a newer major version.</exception>
    public LoadedDocument? Load(DocumentFile file, bool prove = false)
    {
        try
        {
            return DocumentReader.Read(Files.Read(file.Path), file.Hint, prove);
        }
        catch (StoreFileException e) when (e.Fault == FileFault.Missing)
        {
            return null;
        }
        catch (NewerFormatException e)
        {
            throw new SeshException(
                "newer-version", $"{file.Path} is of format {e.Major}, and this sesh reads up to {FileFormat.Major}", "upgrade sesh on this machine; nothing was touched");
        }
    }

    /// <summary>
    /// Reads only what stands behind a known place. Null where no sound frame there links to it: then read it whole, for it may be another file in the
    /// same place. A frame that is being written is not among them.
    /// </summary>
    public IReadOnlyList<Frame>? LoadBehind(DocumentFile file, ReplicaId replica, DocumentHead known, out DocumentHead head)
    {
        head = known;
        var bytes = Files.Read(file.Path, known.Length);
        if (DocumentReader.ReadBehind(bytes, replica, known.End, known.Digest, out var sound) is not { IsEmpty: false } frames)
            return null;
        head = new DocumentHead(frames[^1].End, frames[^1].Digest, known.Length + sound);
        return frames;
    }

    /// <summary>Whether one file is how another begins, judged by the last bytes of it: they name the chain before them.</summary>
    public bool IsBeginning(string copy, long copySize, string own, long ownSize)
    {
        if (copySize > ownSize)
            return false;
        var from = Math.Max(0, copySize - MirrorTail);
        try
        {
            var ours = Files.Read(own, from).AsSpan();
            var theirs = Files.Read(copy, from).AsSpan();
            var length = (int)(copySize - from);
            return ours.Length >= length && theirs.Length >= length && ours[..length].SequenceEqual(theirs[..length]);
        }
        catch (StoreFileException e) when (e.Fault == FileFault.Missing)
        {
            // Replaced or removed while it was looked at: it is read, if it is there.
            return false;
        }
    }

    private List<DocumentFile> List(bool withoutBeginnings)
    {
        // docs/ first: a document is appended to in own/ before it is in docs/, so that what is found there is not ahead by the order of looking.
        var docs = List(Paths.Docs, DocumentPlace.Docs);
        var all = List(Paths.Own, DocumentPlace.Own);
        if (!withoutBeginnings)
            return [.. all, .. docs];
        var unpublished = all.FindAll(f => f.Place == DocumentPlace.Own);
        foreach (var file in docs)
        {
            var own = all.Find(f => f.Place == DocumentPlace.Own && f.Hint?.Replica == file.Hint?.Replica);
            var isBeginning = own is not null && IsBeginning(file.Path, file.Facts.Size, own.Path, own.Facts.Size);
            if (!isBeginning)
                all.Add(file);
            if (own is not null && (!isBeginning || file.Facts.Size == own.Facts.Size))
                unpublished.Remove(own);
        }

        IsPublished = unpublished.Count == 0;
        return all;
    }

    private List<DocumentFile> List(string folder, DocumentPlace place)
    {
        var found = new List<DocumentFile>();
        foreach (var name in Files.List(folder))
        {
            if (name.StartsWith('.') || name.EndsWith(StoreFilesSteps.Beside, StringComparison.Ordinal))
                continue;
            var hint = Hint(name, place);
            if (place == DocumentPlace.Own && hint is null)
                continue;
            var path = Path.Join(folder, name);
            if (Files.Stat(path) is { Kind: FileKind.File } facts)
                found.Add(new DocumentFile(path, hint is { Private: true } ? DocumentPlace.Private : place, facts, hint));
        }

        return found;
    }

    // own/<replica>.sesh, own/private.<replica>.sesh, docs/<machine>.<replica>.sesh; also a name a copier lengthened behind the replica.
    private static DocumentHint? Hint(string name, DocumentPlace place)
    {
        if (!name.EndsWith(StorePaths.Extension, StringComparison.Ordinal))
            return null;
        var isPrivate = place == DocumentPlace.Own && name.StartsWith(StorePaths.PrivatePrefix, StringComparison.Ordinal);
        var start = place == DocumentPlace.Own ? (isPrivate ? StorePaths.PrivatePrefix.Length : 0) : -1;
        const int Digits = 2 * ReplicaId.Size;
        if (place == DocumentPlace.Own)
        {
            return name.Length == start + Digits + StorePaths.Extension.Length && ReplicaId.TryParse(name.AsSpan(start, Digits), out var own)
                ? new DocumentHint(own, "", isPrivate)
                : null;
        }

        for (var dot = name.IndexOf('.'); dot >= 0 && dot + 1 + Digits < name.Length; dot = name.IndexOf('.', dot + 1))
        {
            if (name[dot + 1 + Digits] == '.' && ReplicaId.TryParse(name.AsSpan(dot + 1, Digits), out var replica))
                return new DocumentHint(replica, name[..dot], false);
        }

        return null;
    }
}
