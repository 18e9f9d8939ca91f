namespace Sesh.Sync.Wire;

/// <summary>What was refused over one link, on either side, and why. Bounded: a peer may refuse for ever. Not for several threads at once.</summary>
internal sealed class Refusals(Action<string>? log)
{
    private const int Most = 100;

    private readonly List<(string Why, bool IsForNow)> _all = [];
    private readonly HashSet<string> _told = [];

    public IReadOnlyList<string> All => [.. _all.Select(r => r.Why)];

    /// <param name="isForNow">Nothing is wrong with it; a home could take nothing, and may do so later.</param>
    public void Add(string why, bool isForNow)
    {
        if (_all.Count < Most)
            _all.Add((why, isForNow));
        // It is offered again with each change, and refused again for the same reason.
        if (_told.Count < Most && _told.Add(why))
            log?.Invoke(why);
    }

    /// <summary>All is offered anew: what could not be taken for a while may be by now.</summary>
    public void Forget() => _all.RemoveAll(r => r.IsForNow);
}
