using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>The first entries of a session: who it is, and the labels it is born with. Empty text and 0 are left out.</summary>
internal sealed record Birth(SessionId Uuid, string Agent, string Machine)
{
    public string Cwd { get; init; } = "";

    public string AgentSessionId { get; init; } = "";

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long CreatedAt { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The name is the user's own: nobody renames the session by itself.</summary>
    public bool NameIsGiven { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public SessionId? Parent { get; init; }

    public IEnumerable<Change> Changes()
    {
        yield return Set(Field.Agent, Value.Of(Agent));
        yield return Set(Field.Machine, Value.Of(Machine));
        if (Cwd.Length > 0)
            yield return Set(Field.Cwd, Value.Of(Cwd));
        if (AgentSessionId.Length > 0)
            yield return Set(Field.AgentSessionId, Value.Of(AgentSessionId));
        if (CreatedAt > 0)
            yield return Set(Field.CreatedAt, Value.Of(CreatedAt));
        if (Name.Length > 0)
            yield return Set(Field.Name, Value.Of(Name));
        if (Name.Length > 0 && NameIsGiven)
            yield return Set(Field.AutoRename, Value.False);
        if (Parent is { } parent)
            yield return Set(Field.Parent, Value.Of(parent.ToString()));
        foreach (var tag in Tags)
            yield return Set(Field.Tag, Value.True, tag);
    }

    private Change Set(Field field, Value value, string? key = null) => new(new Register(Uuid, field, key), value);
}
