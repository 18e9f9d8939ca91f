using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Live;

/// <summary>
/// Whom this installation observes as. Another one may claim its machine name, as the original of a copied home does and its copies do: what that one saw says nothing of this one.
/// </summary>
internal sealed class OwnReplicas(string home)
{
    private readonly ReplicaTable _table = new(PosixFiles.Instance, new StorePaths(home));

    /// <summary>Zero until this installation has written a document.</summary>
    /// <exception cref="StoreFileException">own/ cannot be read.</exception>
    public ReplicaId Current => _table.Current()?.Shared.Replica ?? default;

    /// <summary>
    /// Of the files under this machine's name those that count here, newest first: the replica's own alone, once there is one, for it took in the others at its birth. Before, those of its
    /// former replicas and of the time before its first document. Status bars ask: who is who is found out only where that makes a difference.
    /// </summary>
    /// <exception cref="StoreFileException">own/ cannot be read.</exception>
    public List<LiveFile> FilesOf(IEnumerable<LiveFile> claimed)
    {
        var files = claimed.ToList();
        if (files.Count == 0)
            return files;
        var all = _table.SharedKeys();
        files.RemoveAll(f => f.Header.Replica != default && !all.ContainsKey(f.Header.Replica));
        if (files.Count < 2)
            return files;
        var current = Current;
        return files.Find(f => f.Header.Replica == current) is { } own ? [own] : files;
    }
}
