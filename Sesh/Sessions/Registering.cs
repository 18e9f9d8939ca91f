using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <param name="AgentId">The agent's own id; for codex and claude a UUID, for pi any name.</param>
/// <param name="Name">Null: not given.</param>
/// <param name="Cwd">Absolute; null: not given, then <paramref name="DefaultCwd"/> for a new record.</param>
/// <param name="CreatedAt">Milliseconds since 1970 UTC, from the transcript where there is one.</param>
internal sealed record RegisterRequest(
    string Agent, string AgentId, string? Name, IReadOnlyList<string> Tags, string? Cwd, string DefaultCwd, string TranscriptPath, long CreatedAt);

internal enum Registration : byte
{
    Added,
    Updated,
    Revived,
    Unchanged,
}

internal sealed record Registered(SessionId Uuid, Registration Outcome);

/// <summary>Records one session by its agent's id, or updates the record there is. Never makes a second one.</summary>
internal sealed class Registering(SessionStore store, MachineName machine, Func<string, bool> isPrivate)
{
    public Registered Run(RegisterRequest request)
    {
        Registered? result = null;
        store.Write(snapshot =>
        {
            var record = Existing(snapshot, request);
            var hidden = record?.Private ?? isPrivate(request.Cwd ?? request.DefaultCwd);
            var changes = record is null ? Add(Unused(snapshot, request, hidden), request) : Update(record, request);
            var uuid = record?.Uuid ?? changes[0].Register.Session;
            var outcome = record is null ? Registration.Added
                : changes.Count == 0 ? Registration.Unchanged
                : record.Deleted ? Registration.Revived
                : Registration.Updated;
            result = new Registered(uuid, outcome);
            return changes.Count == 0 ? null : new Draft("register", Options(request), changes, hidden);
        });
        return result!;
    }

    private SessionRecord? Existing(Snapshot snapshot, RegisterRequest request)
    {
        // Only exact ids count; a prefix would update a stranger's record.
        var known = KnownSessions.Of(snapshot.Match(request.AgentId));
        var byPath = request.TranscriptPath.Length == 0 ? null
            : snapshot.Find(SessionUuid.OfPath(machine.Text, request.Agent, request.TranscriptPath));
        var byId = snapshot.Find(SessionUuid.Of(machine.Text, request.Agent, request.AgentId));
        var matches = known.Find(machine.Text, request.Agent, request.AgentId);
        var record = byPath is not null && !KnownSessions.IsVoid(byPath) ? byPath
            : matches.FirstOrDefault(r => r.Cwd == (request.Cwd ?? request.DefaultCwd)) ?? matches.FirstOrDefault()
            ?? (byId is not null && !KnownSessions.IsVoid(byId) ? byId : null);
        if (record is null)
            return null;
        if (record.Collected)
        {
            throw new SeshException("collected", $"session {record.Uuid} was deleted and collected; it cannot be recorded again under this id",
                "fork it in the agent: the fork has an id of its own");
        }

        if (record.Agent.Length > 0 && record.Agent != request.Agent)
            throw new SeshException("other-agent", $"{record.Uuid} is recorded as a session of {record.Agent}, not of {request.Agent}", $"use --agent {record.Agent}");
        if (record.Machine.Length > 0 && record.Machine != machine.Text)
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}", $"run on {record.Machine}, or fork it here");
        return record;
    }

    private SessionId Unused(Snapshot snapshot, RegisterRequest request, bool hidden)
    {
        var uuid = SessionUuid.Of(machine.Text, request.Agent, request.AgentId);
        return hidden && snapshot.Find(uuid) is { Private: false } ? SessionUuid.Apart(machine.Text, request.Agent, request.AgentId) : uuid;
    }

    private List<Change> Add(SessionId uuid, RegisterRequest request) =>
        new Birth(uuid, request.Agent, machine.Text)
        {
            AgentSessionId = request.AgentId,
            Cwd = request.Cwd ?? request.DefaultCwd,
            Name = request.Name ?? "",
            NameIsGiven = true,
            Tags = request.Tags,
            CreatedAt = request.CreatedAt,
        }.Changes().ToList();

    private List<Change> Update(SessionRecord record, RegisterRequest request)
    {
        var changes = new List<Change>();
        if (record.Deleted)
            Set(Field.Deleted, Value.Absent);
        if (record.Agent.Length == 0)
            Set(Field.Agent, Value.Of(request.Agent));
        if (record.Machine.Length == 0)
            Set(Field.Machine, Value.Of(machine.Text));
        if (record.AgentSessionId.Length == 0)
            Set(Field.AgentSessionId, Value.Of(request.AgentId));
        if (request.Name is { } name && name != record.Name)
            Set(Field.Name, Value.Of(name));
        if ((request.Cwd ?? (record.Cwd.Length == 0 ? request.DefaultCwd : null)) is { } cwd && cwd != record.Cwd)
            Set(Field.Cwd, Value.Of(cwd));
        foreach (var tag in request.Tags.Where(t => !record.Tags.Contains(t)))
            Set(Field.Tag, Value.True, tag);
        return changes;

        void Set(Field field, Value value, string? key = null) => changes.Add(new Change(new Register(record.Uuid, field, key), value));
    }

    private static string[] Options(RegisterRequest request) =>
    [
        "--agent",
        .. request.Name is null ? (string[])[] : ["--name"],
        .. request.Tags.Count == 0 ? (string[])[] : ["--tag"],
        .. request.Cwd is null ? (string[])[] : ["--cwd"],
    ];
}
