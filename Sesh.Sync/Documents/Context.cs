using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>
/// What a writer had seen of one register: for each other replica the marks at which its entries stood, one mark for each branch of
/// it (so nearly always one). Immutable; the empty one is shared, for most registers have one writer.
/// </summary>
public sealed class Context : IEquatable<Context>
{
    private readonly (ReplicaId Replica, ImmutableArray<Mark> Marks)[] _seen;

    private Context((ReplicaId, ImmutableArray<Mark>)[] seen) => _seen = seen;

    public static Context Empty { get; } = new([]);

    public bool IsEmpty => _seen.Length == 0;

    /// <summary>Replicas in ascending order, each with its marks in ascending order of (seq, check); never an empty list of marks.</summary>
    public ReadOnlySpan<(ReplicaId Replica, ImmutableArray<Mark> Marks)> Seen => _seen;

    /// <summary>Builds a context; replicas and marks are sorted and repeats dropped.</summary>
    public static Context Of(IEnumerable<EntryName> names)
    {
        var grouped = names.GroupBy(n => n.Replica).OrderBy(g => g.Key)
            .Select(g => (g.Key, g.Select(n => new Mark(n.Seq, n.Check)).Distinct().OrderBy(m => m.Seq).ThenBy(m => m.Check).ToImmutableArray()))
            .ToArray();
        return grouped.Length == 0 ? Empty : new Context(grouped);
    }

    /// <summary>The marks of one replica; empty where nothing of it was seen.</summary>
    public ImmutableArray<Mark> Of(ReplicaId replica)
    {
        foreach (var (seen, marks) in _seen)
        {
            if (seen == replica)
                return marks;
        }

        return [];
    }

    public bool Equals(Context? other)
    {
        if (other is null || other._seen.Length != _seen.Length)
            return false;
        for (var i = 0; i < _seen.Length; i++)
        {
            if (_seen[i].Replica != other._seen[i].Replica || !_seen[i].Marks.AsSpan().SequenceEqual(other._seen[i].Marks.AsSpan()))
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Context);

    public override int GetHashCode() => _seen.Length == 0 ? 0 : HashCode.Combine(_seen.Length, _seen[0].Replica, _seen[0].Marks[0]);

    public override string ToString() =>
        "{" + string.Join(' ', _seen.SelectMany(s => s.Marks.Select(m => new EntryName(s.Replica, m.Seq, m.Check)))) + "}";
}
