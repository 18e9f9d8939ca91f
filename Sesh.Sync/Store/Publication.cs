using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

/// <summary>
/// This installation's shared document as it lies in docs/, for copiers to carry. A copy and no hard link: whoever copies onto a link's name, as cp does,
/// would write into own/. It follows own/, never the other way, and needs no sync: what a crash leaves is made good at the next write.
/// </summary>
internal sealed class Publication(DocumentFiles documents, string own, string published)
{
    private readonly IStoreFiles _files = documents.Files;

    /// <summary>After an append of <paramref name="block"/> behind <paramref name="before"/> bytes.</summary>
    public void Follow(long before, ReadOnlySpan<byte> block)
    {
        if (_files.Stat(published) is { } facts && facts.Size == before && documents.IsBeginning(published, before, own, before))
        {
            using var file = _files.Append(published);
            file.WriteAll(block);
            return;
        }

        Renew();
    }

    /// <summary>Writes it whole.</summary>
    public void Renew() => _files.Replace(published, _files.Read(own));

    /// <summary>
    /// For who only reads and found docs/ behind, as whoever copies it next would carry that on. Does nothing where a writer is at work, where own/ is damaged, or
    /// where this cannot be written: the next write makes it good, and tells if it cannot.
    /// </summary>
    public static void TryRenewAll(DocumentFiles documents)
    {
        var (files, paths) = (documents.Files, documents.Paths);
        try
        {
            using var held = files.TryLock(paths.Lock);
            if (held is null)
                return;
            var table = new ReplicaTable(files, paths);
            var all = documents.ListAll();
            foreach (var own in all.Where(f => f.Place == DocumentPlace.Own))
            {
                if (table.KeysOf(own.Hint!.Value.Replica)?.Machine is not { } machine)
                    continue;
                var path = paths.Published(own.Hint.Value.Replica, machine);
                if (IsBehind(documents, all.FirstOrDefault(f => f.Path == path), own) && Block.AreSound(files.Read(own.Path)))
                    new Publication(documents, own.Path, path).Renew();
            }
        }
        catch (StoreFileException)
        {
            // As the summary says.
        }
    }

    /// <summary>Whether all that is sound of a copy stands in a document, which holds more, or is compacted further, or is not damaged as the copy is.</summary>
    public static bool IsOlder(LoadedDocument copy, LoadedDocument document) =>
        document.IsSound && copy.Header.Replica == document.Header.Replica && ReferenceEquals(Branches.Merge(document.Document, copy.Document), document.Document)
        && copy.Behind.All(e => e.Name.Replica == document.Header.Replica && e.Name.Seq <= document.Document.End);

    private static bool IsBehind(DocumentFiles documents, DocumentFile? published, DocumentFile own)
    {
        if (published is null)
            return true;
        if (documents.IsBeginning(published.Path, published.Facts.Size, own.Path, own.Facts.Size))
            return published.Facts.Size < own.Facts.Size;
        return documents.Load(published) is { } copy && documents.Load(own) is { } document && IsOlder(copy, document);
    }

    /// <summary>
    /// For a document that is not written any more, of which <paramref name="sound"/> is all that own/ holds: published where it is not yet; where another branch
    /// stands under its name, brought by a copier, beside that.
    /// </summary>
    public void Leave(ReadOnlySpan<byte> sound, Digest head)
    {
        var there = _files.Stat(published) is null ? [] : _files.Read(published);
        if (there.AsSpan().StartsWith(sound))
            return;
        var isBeginning = sound.StartsWith(there)
            || (DocumentReader.Read(there, null, prove: false) is { } copy && DocumentReader.Read(sound.ToArray(), null, prove: false) is { } document && IsOlder(copy, document));
        _files.Replace(isBeginning ? published : Path.ChangeExtension(published, $".{head.Check}{StorePaths.Extension}"), sound);
    }
}
