namespace Sesh.Sync.Documents;

/// <summary>
/// A join of names in the making. Of two names of one replica the lower is left out only where a held document holds both: they may be
/// of two branches, and what is left out of a context can come back.
/// </summary>
internal sealed class SeenMarks(IChains chains)
{
    private readonly List<EntryName> _names = [];

    public void Add(Context context)
    {
        foreach (var (replica, marks) in context.Seen)
        {
            foreach (var mark in marks)
                Add(new EntryName(replica, mark.Seq, mark.Check));
        }
    }

    /// <summary>Adds what an entry's writer had seen; what it says of itself means nothing, its chain does.</summary>
    public void AddContextOf(Entry entry) => Add(entry.Context.Without(entry.Name.Replica));

    public void Add(EntryName name)
    {
        foreach (var held in _names)
        {
            if (held == name)
                return;
        }

        _names.Add(name);
    }

    public Context ToContext()
    {
        _names.Sort(Context.Compare);
        var left = new List<EntryName>(_names.Count);
        for (var i = 0; i < _names.Count; i++)
        {
            if (!HasLater(i))
                left.Add(_names[i]);
        }

        return Context.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(left));
    }

    private bool HasLater(int lower)
    {
        var name = _names[lower];
        for (var i = lower + 1; i < _names.Count && _names[i].Replica == name.Replica; i++)
        {
            if (_names[i].Seq > name.Seq && chains.HoldBoth(name.Replica, new Mark(name.Seq, name.Check), new Mark(_names[i].Seq, _names[i].Check)))
                return true;
        }

        return false;
    }
}
