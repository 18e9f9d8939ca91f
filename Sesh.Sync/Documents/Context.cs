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
        EntryName[] sorted = [.. names];
        Array.Sort(sorted, Compare);
        return OfSorted(sorted);
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

    /// <summary>This, but for what was seen of one replica: a writer leaves out its own marks, for its chain implies them.</summary>
    public Context Without(ReplicaId replica)
    {
        for (var i = 0; i < _seen.Length; i++)
        {
            if (_seen[i].Replica == replica)
                return _seen.Length == 1 ? Empty : new Context([.. _seen.AsSpan(0, i), .. _seen.AsSpan(i + 1)]);
        }

        return this;
    }

    /// <summary>What either had seen. Of two marks of one replica the lower is left out where one held document holds both.</summary>
    public Context Join(Context other, IChains chains)
    {
        if (other.IsEmpty || ReferenceEquals(this, other))
            return this;
        if (IsEmpty)
            return other;
        var joined = new SeenMarks(chains);
        joined.Add(this);
        joined.Add(other);
        return joined.ToContext();
    }

    /// <summary>Whether a name is among those seen or before one of them on its replica's chain, while one branch of that is known: seq decides.</summary>
    public bool Covers(EntryName name)
    {
        foreach (var mark in Of(name.Replica))
        {
            if (mark.Seq > name.Seq || (mark.Seq == name.Seq && mark.Check == name.Check))
                return true;
        }

        return false;
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

    /// <summary>By replica, then seq, then check.</summary>
    internal static int Compare(EntryName a, EntryName b)
    {
        var order = a.Replica.CompareTo(b.Replica);
        if (order == 0)
            order = a.Seq.CompareTo(b.Seq);
        return order == 0 ? a.Check.CompareTo(b.Check) : order;
    }

    /// <summary>Of names in ascending order; repeats are dropped.</summary>
    internal static Context OfSorted(ReadOnlySpan<EntryName> names)
    {
        if (names.IsEmpty)
            return Empty;
        var replicas = 1;
        for (var i = 1; i < names.Length; i++)
            replicas += names[i].Replica == names[i - 1].Replica ? 0 : 1;

        var seen = new (ReplicaId, ImmutableArray<Mark>)[replicas];
        for (int from = 0, filled = 0; from < names.Length; filled++)
        {
            var to = from + 1;
            while (to < names.Length && names[to].Replica == names[from].Replica)
                to++;
            seen[filled] = (names[from].Replica, Marks(names[from..to]));
            from = to;
        }

        return new Context(seen);
    }

    private static ImmutableArray<Mark> Marks(ReadOnlySpan<EntryName> names)
    {
        if (names.Length == 1)
            return [new Mark(names[0].Seq, names[0].Check)];
        var marks = ImmutableArray.CreateBuilder<Mark>(names.Length);
        foreach (var name in names)
        {
            var mark = new Mark(name.Seq, name.Check);
            if (marks.Count == 0 || marks[^1] != mark)
                marks.Add(mark);
        }

        return marks.DrainToImmutable();
    }
}
