namespace Sesh.Sync.Documents;

/// <summary>What an entry sets: a field of a session, and for tags, meta and former ids its key (else null).</summary>
public readonly record struct Register(SessionId Session, Field Field, string? Key = null) : IComparable<Register>
{
    public int CompareTo(Register other)
    {
        var order = Session.CompareTo(other.Session);
        if (order == 0)
            order = Field.CompareTo(other.Field);
        return order == 0 ? string.CompareOrdinal(Key, other.Key) : order;
    }

    public override string ToString() => Key is null ? $"{Session}/{Field}" : $"{Session}/{Field}/{Key}";
}
