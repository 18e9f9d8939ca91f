using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>Another name for an installation that has written: it goes on under a replica of that name, which claims what this host has recorded itself.</summary>
internal sealed partial class Writer
{
    /// <summary>Done again it goes on where a crash ended it.</summary>
    /// <returns>How many sessions go along, and how many of the former name stay: those recorded before the home was copied are the original's.</returns>
    public (int Taken, int Left) Rename(MachineName to)
    {
        if (_row.Machine != to.Text)
        {
            CutFormer();
            _row = _table.Add(to);
        }

        var rows = _table.Here();
        var ours = rows.SelectMany(r => (ReplicaId[])[r.Shared.Replica, r.Private.Replica]).ToHashSet();
        var (shared, own) = (new List<Setting>(), new List<Setting>());
        var (taken, left) = (0, 0);
        foreach (var record in rows.Select(r => r.Machine).Where(m => m != to.Text).Distinct().SelectMany(Snapshot.RecordsOf))
        {
            var isOurs = _source.State(record.Uuid)?.Of(Field.Machine, null) is { } claim && claim.Survivors.Any(e => ours.Contains(e.Name.Replica));
            if (isOurs)
                (record.Private ? own : shared).Add(new Setting(new Register(record.Uuid, Field.Machine), Value.Of(to.Text)));
            if (!record.Deleted)
                (taken, left) = isOurs ? (taken + 1, left) : (taken, left + 1);
        }

        string[] options = ["--rename"];
        if (shared.Count > 0)
            Append(shared, "init", options, isPrivate: false);
        if (own.Count > 0)
            Append(own, "init", options, isPrivate: true);
        return (taken, left);
    }
}
