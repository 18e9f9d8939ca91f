using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>
/// What contexts name of each replica: the highest number, and the lowest behind the end of what is held of it. The first shows that a home was put back from a backup;
/// when a document reaches the second, what it holds there decides whether two names are of one branch, for sessions that no new frame touches.
/// </summary>
internal sealed class NamedMarks
{
    private readonly Dictionary<ReplicaId, (long Highest, long Ahead)> _named = [];

    public void Add(ReplicaId replica, long seq, bool isHeld)
    {
        var (highest, ahead) = _named.GetValueOrDefault(replica, (0, long.MaxValue));
        _named[replica] = (Math.Max(highest, seq), isHeld ? ahead : Math.Min(ahead, seq));
    }

    /// <summary>0 where none.</summary>
    public long Highest(ReplicaId replica) => _named.TryGetValue(replica, out var named) ? named.Highest : 0;

    /// <summary>Whether a document that now ends there has come to a number named before it was held.</summary>
    public bool IsReached(ReplicaId replica, long end) => _named.TryGetValue(replica, out var named) && named.Ahead <= end;

    public void Write(ByteSink sink)
    {
        sink.Number(_named.Count);
        foreach (var (replica, (highest, ahead)) in _named)
        {
            sink.UInt128(replica.Bits);
            sink.Number(highest);
            sink.Number(ahead);
        }
    }

    public static NamedMarks Read(ref ByteSource source)
    {
        var named = new NamedMarks();
        for (var n = source.Count(ReplicaId.Size + 2); n > 0; n--)
            named._named[new ReplicaId(source.UInt128())] = (source.Long(), source.Long());
        return named;
    }

    /// <summary>A copy to add to.</summary>
    public NamedMarks Grow()
    {
        var named = new NamedMarks();
        foreach (var (replica, marks) in _named)
            named._named.Add(replica, marks);
        return named;
    }
}
