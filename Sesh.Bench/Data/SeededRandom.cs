namespace Sesh.Bench.Data;

/// <summary>Mulberry32: the same numbers on every machine and version, as .NET's own generator does not promise.</summary>
internal sealed class SeededRandom(uint seed)
{
    private uint _state = seed;

    /// <summary>In [0, 1).</summary>
    public double Next()
    {
        _state += 0x6D2B79F5;
        var t = (_state ^ (_state >> 15)) * (_state | 1);
        t = (t + ((t ^ (t >> 7)) * (t | 61))) ^ t;
        return (t ^ (t >> 14)) / 4294967296.0;
    }

    public int Below(int count) => (int)(Next() * count);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
