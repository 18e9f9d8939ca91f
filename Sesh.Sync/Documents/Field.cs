namespace Sesh.Sync.Documents;

/// <summary>
/// The fields of a session, as written in documents: the numbers are the format and never change. A number not named here came from
/// a newer version: it is kept, folded and relayed all the same.
/// </summary>
public enum Field : byte
{
    // Labels: any machine, any time.
    Name = 1,
    AutoRename = 2,
    Summary = 3,
    LastAutoNameTurnCount = 4,

    /// <summary>One register a tag; the register's key is the tag, its value true or absent.</summary>
    Tag = 5,
    Archived = 6,

    /// <summary>True or absent.</summary>
    Deleted = 7,
    Parent = 8,

    /// <summary>One register a key; the value is text or absent.</summary>
    Meta = 9,

    // Identity: the owner's replicas only.
    Agent = 32,
    Machine = 33,
    Cwd = 34,
    AgentSessionId = 35,

    /// <summary>One register an earlier id of the agent's; the key is the id, the value true.</summary>
    FormerId = 36,

    /// <summary>Milliseconds since 1970 UTC.</summary>
    CreatedAt = 37,
    Kept = 38,

    /// <summary>A person collected this tombstone: true. Only Deleted and Collected outlive compaction (store.md, E6).</summary>
    Collected = 64,
}

public static class Fields
{
    /// <summary>Fields that only the owner's replicas may set.</summary>
    public static bool IsIdentity(this Field field) => (byte)field is >= 32 and < 64;

    /// <summary>Fields that this version names.</summary>
    public static bool IsKnown(this Field field) => (byte)field is (>= 1 and <= 9) or (>= 32 and <= 38) or 64;

    /// <summary>Fields of which a session has one register a key.</summary>
    public static bool IsKeyed(this Field field) => field is Field.Tag or Field.Meta or Field.FormerId;
}
