using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>
/// The highest clock among all entries, for any wall clock: the highest that was not ahead when the index was made, and those that were, as they come to count
/// when the wall clock reaches them.
/// </summary>
internal sealed class Times
{
    private const int Most = 256;

    private readonly long _wall;
    private readonly List<Hlc> _ahead = [];
    private Hlc _highest;

    /// <param name="wall">Milliseconds since 1970 UTC when the index was made.</param>
    public Times(long wall) => _wall = wall;

    public void Add(Hlc time)
    {
        if (!Clock.Counts(time, _wall))
            _ahead.Add(time);
        else if (time > _highest)
            _highest = time;
    }

    /// <summary>Null where this cannot tell: the clock was set back, or too many were ahead.</summary>
    public Hlc? Highest(long wall)
    {
        if (!Clock.Counts(_highest, wall))
            return null;
        var highest = _highest;
        foreach (var time in _ahead)
        {
            if (time > highest && Clock.Counts(time, wall))
                highest = time;
        }

        return _ahead.Count < Most || highest == _highest ? highest : null;
    }

    public void Write(ByteSink sink)
    {
        // The nearest come to count first.
        _ahead.Sort();
        sink.UInt64((ulong)_wall);
        sink.UInt64(_highest.Bits);
        var count = Math.Min(_ahead.Count, Most);
        sink.Number(count);
        foreach (var time in _ahead.Take(count))
            sink.UInt64(time.Bits);
    }

    /// <summary>A copy to add to.</summary>
    public Times Grow()
    {
        var times = new Times(_wall) { _highest = _highest };
        times._ahead.AddRange(_ahead);
        return times;
    }

    public static Times Read(ref ByteSource source)
    {
        var times = new Times((long)source.UInt64()) { _highest = new Hlc(source.UInt64()) };
        for (var n = source.Count(8); n > 0; n--)
            times._ahead.Add(new Hlc(source.UInt64()));
        return times;
    }
}
