namespace Sesh.Sync.Daemon;

/// <summary>
/// Says when peers are to be offered what is new in a home, whoever made it: documents, turns that begin or end and sessions that come alive or die at once, whatever else is
/// observed gathered for a while. For any thread.
/// </summary>
public sealed class News : IDisposable
{
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GatherMetered = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly LiveEdges _edges = new();
    private readonly string _home;
    private readonly Action _offer;
    private readonly ITimer _later;
    private StoreStamps _stamps;
    private bool _waiting;

    /// <param name="home">Absolute.</param>
    /// <param name="offer">Offers what is new, on every link; must not wait.</param>
    public News(string home, Action offer, TimeProvider time)
    {
        (_home, _offer) = (home, offer);
        _later = time.CreateTimer(_ => Offer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stamps = StoreStamps.Of(home);
        _edges.Look(home);
    }

    /// <summary>Whether bytes cost money here: then what need not go at once waits longer.</summary>
    public bool Metered { get; set; }

    /// <summary>Something may have changed: looks what it is.</summary>
    public void Look()
    {
        bool atOnce;
        lock (_lock)
        {
            var now = StoreStamps.Of(_home);
            var changes = now.Since(_stamps);
            _stamps = now;
            atOnce = changes.HasFlag(StoreChanges.Documents);
            if (changes.HasFlag(StoreChanges.Live))
                atOnce |= _edges.Look(_home);
            if (!atOnce && changes.HasFlag(StoreChanges.Live) && !_waiting)
            {
                _waiting = true;
                _later.Change(Metered ? GatherMetered : Gather, Timeout.InfiniteTimeSpan);
            }
        }

        if (atOnce)
            Offer();
    }

    public void Dispose() => _later.Dispose();

    private void Offer()
    {
        lock (_lock)
        {
            _waiting = false;
            _later.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _offer();
    }
}
