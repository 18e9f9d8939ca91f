using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store;

/// <summary>Where damaged bytes are kept, named by what they are: nothing is kept twice, nothing is ever deleted by us.</summary>
internal sealed class Quarantine(IStoreFiles files, StorePaths paths)
{
    public bool Holds(string path, LoadedDocument document) => Pieces(path, document).All(p => files.Stat(p.Kept) is not null);

    /// <summary>Copies what is damaged in a document's file, durably.</summary>
    public void Keep(string path, LoadedDocument document)
    {
        foreach (var (kept, bytes) in Pieces(path, document))
        {
            if (files.Stat(kept) is not null)
                continue;
            Prepare();
            files.Replace(kept, bytes.Span);
        }
    }

    /// <summary>Copies a whole file that another takes the place of, without proof that all of it is there.</summary>
    public void KeepWhole(string path, ReadOnlyMemory<byte> bytes)
    {
        Prepare();
        files.Replace(Path.Join(paths.Quarantine, $"{Path.GetFileName(path)}.{Crc.Of(bytes.Span):x8}"), bytes.Span);
    }

    /// <summary>Takes a whole file out of its folder, one of which nothing can be made.</summary>
    public void Take(string path)
    {
        Prepare();
        files.Rename(path, Path.Join(paths.Quarantine, Path.GetFileName(path)));
        files.SyncFolder(paths.Quarantine);
        files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private void Prepare()
    {
        if (files.Stat(paths.Quarantine) is not null)
            return;
        files.MakeFolder(paths.Quarantine);
        files.SyncFolder(paths.Home);
    }

    private IEnumerable<(string Kept, ReadOnlyMemory<byte> Bytes)> Pieces(string path, LoadedDocument document)
    {
        IEnumerable<DamagedBytes> damage = document.HasTornTail
            ? [new DamagedBytes(document.SoundLength, document.Bytes.Length - document.SoundLength)]
            : document.Damage;
        foreach (var (offset, length) in damage)
        {
            var bytes = document.Bytes.Slice(offset, length);
            yield return (Path.Join(paths.Quarantine, $"{Path.GetFileName(path)}.{offset}.{Crc.Of(bytes.Span):x8}"), bytes);
        }
    }
}
