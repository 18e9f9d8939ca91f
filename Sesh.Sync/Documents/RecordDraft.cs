using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>A record while its registers are read, each once.</summary>
internal sealed class RecordDraft(SessionId uuid, string owner, Claims claims, Func<ReplicaId, string> machineOf)
{
    private readonly ImmutableArray<string>.Builder _tags = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _formerIds = ImmutableArray.CreateBuilder<string>();
    private ImmutableArray<Conflict>.Builder? _conflicts;
    private ImmutableSortedDictionary<string, string>.Builder? _meta;
    private SessionRecord _plain = new() { Uuid = uuid };
    private Hlc _latest;
    private long _originSeq;

    public void Add(RegisterState state)
    {
        var field = state.Register.Field;
        var survivors = field.IsIdentity() ? claims.Survivors(state) : state.Survivors;
        foreach (var entry in survivors)
            _latest = entry.Hlc > _latest ? entry.Hlc : _latest;
        NoteOrigin(state);
        var shown = field == Field.Machine ? claims.Winner : Greatest(survivors);
        if (shown is null)
            return;
        Set(state.Register, shown.Value, survivors);
        if (survivors.Length > 1 && Enum.IsDefined(field))
            AddConflicts(state.Register, shown, survivors);
    }

    public SessionRecord ToRecord(bool isPrivate) => _plain with
    {
        Machine = owner,
        // A collected tombstone cannot be revived (store.md, E6).
        Deleted = _plain.Deleted || _plain.Collected,
        Tags = _tags.DrainToImmutable(),
        FormerIds = _formerIds.DrainToImmutable(),
        Meta = _meta?.ToImmutable() ?? _plain.Meta,
        UpdatedAt = Fold.Time(_latest),
        OriginSeq = _originSeq,
        Private = isPrivate,
        Conflicts = _conflicts?.DrainToImmutable() ?? [],
    };

    private static Entry? Greatest(ImmutableArray<Entry> survivors)
    {
        for (var i = survivors.Length - 1; i >= 0; i--)
        {
            if (!survivors[i].Value.IsAbsent)
                return survivors[i];
        }

        return null;
    }

    private void Set(Register register, Value value, ImmutableArray<Entry> survivors)
    {
        switch (register.Field)
        {
            case Field.Name:
                _plain = _plain with { Name = value.AsText() ?? "" };
                break;
            case Field.AutoRename:
                _plain = _plain with { AutoRename = value.AsBoolean() ?? true };
                break;
            case Field.Summary:
                _plain = _plain with { Summary = value.AsText() ?? "" };
                break;
            case Field.LastAutoNameTurnCount:
                _plain = _plain with { LastAutoNameTurnCount = Math.Max(0, value.AsInteger() ?? 0) };
                break;
            case Field.Tag when register.Key is { } tag && value == Value.True:
                _tags.Add(tag);
                break;
            case Field.Archived:
                _plain = _plain with { Archived = value.AsBoolean() ?? false };
                break;
            case Field.Deleted:
                _plain = _plain with { Deleted = HasTrue(survivors) };
                break;
            case Field.Parent:
                _plain = _plain with { Parent = SessionId.TryParse(value.AsText(), out var parent) ? parent : null };
                break;
            case Field.Meta when register.Key is { } key && value.AsText() is { } text:
                (_meta ??= _plain.Meta.ToBuilder())[key] = text;
                break;
            case Field.Agent:
                _plain = _plain with { Agent = value.AsText() ?? "" };
                break;
            case Field.Cwd:
                _plain = _plain with { Cwd = value.AsText() ?? "" };
                break;
            case Field.AgentSessionId:
                _plain = _plain with { AgentSessionId = value.AsText() ?? "" };
                break;
            case Field.FormerId when register.Key is { } former && value == Value.True:
                _formerIds.Add(former);
                break;
            case Field.CreatedAt:
                _plain = _plain with { CreatedAt = Fold.Time(value.AsInteger()) };
                break;
            case Field.Kept:
                _plain = _plain with { Kept = value.AsBoolean() ?? false };
                break;
            case Field.Collected:
                _plain = _plain with { Collected = HasTrue(survivors) };
                break;
        }
    }

    /// <summary>Of a field that is true or absent, so that true beats every concurrent edit.</summary>
    private static bool HasTrue(ImmutableArray<Entry> survivors)
    {
        foreach (var entry in survivors)
        {
            if (entry.Value == Value.True)
                return true;
        }

        return false;
    }

    private void AddConflicts(Register register, Entry shown, ImmutableArray<Entry> survivors)
    {
        var values = new HashSet<Value> { shown.Value };
        for (var i = survivors.Length - 1; i >= 0; i--)
        {
            var entry = survivors[i];
            if (entry.Value.IsAbsent || !values.Add(entry.Value))
                continue;
            _conflicts ??= ImmutableArray.CreateBuilder<Conflict>();
            _conflicts.Add(new Conflict(register.Field, register.Key, entry.Value, entry.Hlc, entry.Name.Replica, machineOf(entry.Name.Replica)));
        }
    }

    private void NoteOrigin(RegisterState state)
    {
        if (owner.Length == 0)
            return;
        foreach (var (replica, marks) in state.Seen.Seen)
        {
            if (marks[^1].Seq > _originSeq && string.Equals(machineOf(replica), owner, StringComparison.Ordinal))
                _originSeq = marks[^1].Seq;
        }
    }
}
