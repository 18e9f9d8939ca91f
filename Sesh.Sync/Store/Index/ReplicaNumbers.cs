using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>Every replica named in the index, by number, with its machine (empty where unknown).</summary>
internal sealed class ReplicaNumbers
{
    private readonly List<(ReplicaId Replica, string Machine)> _replicas = [];
    private readonly Dictionary<ReplicaId, int> _numbers = [];

    public int Of(ReplicaId replica, string machine = "")
    {
        if (_numbers.TryGetValue(replica, out var number))
        {
            if (machine.Length > 0)
                _replicas[number] = (replica, machine);
            return number;
        }

        _numbers.Add(replica, _replicas.Count);
        _replicas.Add((replica, machine));
        return _replicas.Count - 1;
    }

    public ReplicaId At(ulong number) =>
        number < (ulong)_replicas.Count ? _replicas[(int)number].Replica : throw new IndexCorruptException("no such replica");

    public string MachineOf(ReplicaId replica) => _numbers.TryGetValue(replica, out var number) ? _replicas[number].Machine : "";

    public IReadOnlyList<ReplicaId> All() => [.. _replicas.Select(r => r.Replica)];

    public void WriteAll(ByteSink sink)
    {
        sink.Number(_replicas.Count);
        foreach (var (replica, machine) in _replicas)
        {
            sink.UInt128(replica.Bits);
            sink.Text(machine);
        }
    }

    public static ReplicaNumbers ReadAll(ref ByteSource source)
    {
        var replicas = new ReplicaNumbers();
        for (var n = source.Count(ReplicaId.Size); n > 0; n--)
        {
            var replica = new ReplicaId(source.UInt128());
            replicas.Of(replica, source.Text());
        }

        return replicas;
    }

    /// <summary>A copy to add to.</summary>
    public ReplicaNumbers Grow()
    {
        var replicas = new ReplicaNumbers();
        foreach (var (replica, machine) in _replicas)
            replicas.Of(replica, machine);
        return replicas;
    }
}
