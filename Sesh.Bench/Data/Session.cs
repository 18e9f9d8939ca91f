using Sesh.Sync.Documents;

namespace Sesh.Bench.Data;

/// <summary>A session as it is born: about 527 bytes as JSON of the whole record.</summary>
internal sealed record Session(
    SessionId Uuid, string Name, string Agent, int Machine, string Cwd, string? Summary, bool AutoRename, long LastAutoNameTurnCount, long CreatedAt, IReadOnlyList<string> Tags)
{
    public IEnumerable<Setting> Settings()
    {
        yield return Set(Field.Agent, Value.Of(Agent));
        yield return Set(Field.Machine, Value.Of(Workload.Machines[Machine]));
        yield return Set(Field.Cwd, Value.Of(Cwd));
        yield return Set(Field.AgentSessionId, Value.Of(Uuid.ToString()));
        yield return Set(Field.CreatedAt, Value.Of(CreatedAt));
        yield return Set(Field.Name, Value.Of(Name));
        if (!AutoRename)
            yield return Set(Field.AutoRename, Value.False);
        if (Summary is not null)
            yield return Set(Field.Summary, Value.Of(Summary));
        if (LastAutoNameTurnCount != 0)
            yield return Set(Field.LastAutoNameTurnCount, Value.Of(LastAutoNameTurnCount));
        foreach (var tag in Tags)
            yield return Set(Field.Tag, Value.True, tag);
    }

    private Setting Set(Field field, Value value, string? key = null) => new(new Register(Uuid, field, key), value);
}
