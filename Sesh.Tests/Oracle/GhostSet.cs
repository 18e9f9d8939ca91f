using System.Numerics;

namespace Sesh.Tests.Oracle;

/// <summary>An immutable set of small numbers: which entries, named by the order in which the world saw them written.</summary>
internal readonly struct GhostSet(ulong[]? words) : IEquatable<GhostSet>
{
    private readonly ulong[]? _words = words;

    public static GhostSet Empty => default;

    private ReadOnlySpan<ulong> Words => _words;

    public static GhostSet operator |(GhostSet a, GhostSet b)
    {
        var (longer, shorter) = a.Words.Length >= b.Words.Length ? (a, b) : (b, a);
        if (shorter.Words.IsEmpty)
            return longer;
        var words = longer.Words.ToArray();
        for (var i = 0; i < shorter.Words.Length; i++)
            words[i] |= shorter.Words[i];
        return new GhostSet(words);
    }

    public static GhostSet operator -(GhostSet a, GhostSet b)
    {
        var words = a.Words.ToArray();
        for (var i = 0; i < Math.Min(words.Length, b.Words.Length); i++)
            words[i] &= ~b.Words[i];
        return new GhostSet(words);
    }

    public GhostSet With(int ghost)
    {
        var words = new ulong[Math.Max(Words.Length, (ghost / 64) + 1)];
        Words.CopyTo(words);
        words[ghost / 64] |= 1UL << ghost;
        return new GhostSet(words);
    }

    public bool Contains(int ghost) => ghost / 64 < Words.Length && (Words[ghost / 64] >> ghost & 1) != 0;

    public bool IsEmpty => Words.IndexOfAnyExcept(0UL) < 0;

    public IEnumerable<int> Members()
    {
        for (var i = 0; i < Words.Length; i++)
        {
            for (var word = Words[i]; word != 0; word &= word - 1)
                yield return (i * 64) + BitOperations.TrailingZeroCount(word);
        }
    }

    public bool Equals(GhostSet other) => (this - other).IsEmpty && (other - this).IsEmpty;

    public override bool Equals(object? obj) => obj is GhostSet other && Equals(other);

    public override int GetHashCode() => Members().Aggregate(0, HashCode.Combine);

    public override string ToString() => "{" + string.Join(' ', Members()) + "}";
}
