using System.Text;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store.Identity;

/// <summary>
/// <c>own/replicas</c>: ids and keys, by host. Only ever appended to, because its inode is what binds it to its host: a copy of a home has another, and so
/// writes under an id of its own. Read and written under own/lock.
/// </summary>
internal sealed class ReplicaTable(IStoreFiles files, StorePaths paths)
{
    /// <summary>Whom this host writes as; null before its first write.</summary>
    public ReplicaRow? Current() => Here() is [.., var current] ? current : null;

    /// <summary>Whom this host writes or wrote as, the present one last; empty before its first write.</summary>
    public IReadOnlyList<ReplicaRow> Here()
    {
        var (rows, inode) = Read();
        var host = HostId.Current(files);
        return rows.FindAll(r => r.Host == host && r.Inode == inode);
    }

    /// <summary>More than one host wrote here under the present name, or one host under two inodes: this home is a copy, was moved, or is shared.</summary>
    public bool IsOfSeveral()
    {
        var machine = Current()?.Machine;
        return Read().Rows.Where(r => machine is null || r.Machine == machine).DistinctBy(r => (r.Host, r.Inode)).Skip(1).Any();
    }

    /// <summary>Somebody wrote under this home before, be it another host or this home under another inode.</summary>
    public bool HasRows() => Read().Rows.Count > 0;

    /// <summary>The keys of a replica of this home, present or former; null where the table knows none.</summary>
    public (string Machine, ReplicaKeys Keys)? KeysOf(ReplicaId replica)
    {
        foreach (var row in Read().Rows)
        {
            if (row.Shared.Replica == replica)
                return (row.Machine, row.Shared);
            if (row.Private.Replica == replica)
                return (row.Machine, row.Private);
        }

        return null;
    }

    /// <summary>The keys of every replica whose shared document this home writes or wrote.</summary>
    public IReadOnlyDictionary<ReplicaId, ReplicaKeys> SharedKeys() => Read().Rows.Select(r => r.Shared).DistinctBy(k => k.Replica).ToDictionary(k => k.Replica);

    /// <summary>Makes a new one, which writes from now on.</summary>
    public ReplicaRow Add(MachineName machine)
    {
        using var file = files.Append(paths.Replicas);
        var row = new ReplicaRow(HostId.Current(files), file.Facts().Inode, machine.Text, ReplicaKeys.Make(), ReplicaKeys.Make());
        Append(file, row.Line());
        return row;
    }

    /// <summary>Replicas of this home whose documents were cut at damage.</summary>
    public HashSet<ReplicaId> Cut() => [.. Lines().Select(CutLine.Parse).OfType<ReplicaId>()];

    /// <summary>Remembers one of them for good; before it is cut, so that nobody takes it for whole.</summary>
    public void MarkCut(ReplicaId replica)
    {
        if (Cut().Contains(replica))
            return;
        using var file = files.Append(paths.Replicas);
        Append(file, CutLine.Of(replica));
    }

    private void Append(IStoreFile file, string line)
    {
        var size = file.Facts().Size;
        // A line cut short by a crash ends here, and counts no more.
        var start = size > 0 && files.Read(paths.Replicas, size - 1) is not [(byte)'\n'] ? "\n" : "";
        file.AppendDurably(Encoding.UTF8.GetBytes(start + line));
        if (size == 0)
            files.SyncFolder(paths.Own);
    }

    private (List<ReplicaRow> Rows, long Inode) Read()
    {
        var inode = files.Stat(paths.Replicas)?.Inode ?? 0;
        return ([.. Lines().Select(ReplicaRow.Parse).OfType<ReplicaRow>()], inode);
    }

    private string[] Lines() => files.Stat(paths.Replicas) is null
        ? []
        : Encoding.UTF8.GetString(files.Read(paths.Replicas)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
