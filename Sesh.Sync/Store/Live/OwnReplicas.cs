using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Live;

/// <summary>
/// Whom this installation observes as. Another one may claim its machine name, as the original of a copied home does and its copies do: what that one saw says nothing of this one.
/// </summary>
/// <param name="Current">Zero until this installation has written a document.</param>
/// <param name="All">It and its former ones.</param>
internal sealed record OwnReplicas(ReplicaId Current, IReadOnlySet<ReplicaId> All)
{
    /// <exception cref="StoreFileException">own/ cannot be read.</exception>
    public static OwnReplicas Of(string home)
    {
        var table = new ReplicaTable(PosixFiles.Instance, new StorePaths(home));
        return new OwnReplicas(table.Current()?.Shared.Replica ?? default, table.SharedKeys().Keys.ToHashSet());
    }

    /// <summary>
    /// Of the files under this machine's name those that count here, newest first: the replica's own alone, once there is one, for it took in the others at its birth. Before, those of its
    /// former replicas and of the time before its first document.
    /// </summary>
    public List<LiveFile> FilesOf(IEnumerable<LiveFile> claimed)
    {
        var ours = claimed.Where(f => f.Header.Replica == default || All.Contains(f.Header.Replica)).ToList();
        return ours.Find(f => f.Header.Replica == Current) is { } own ? [own] : ours;
    }
}
