using System.Collections.Immutable;

namespace Sesh.Sync.Documents;

/// <summary>A record while its registers are read, each once.</summary>
internal sealed class RecordDraft(SessionId uuid, string owner, Claims claims, Func<ReplicaId, string> machineOf)
{
    private static readonly ImmutableSortedDictionary<string, string> _noMeta = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private string _name = "";
    private string _summary = "";
    private string _agent = "";
    private string _cwd = "";
    private string _agentSessionId = "";
    private bool _autoRename = true;
    private bool _archived;
    private bool _deleted;
    private bool _collected;
    private bool _kept;
    private long _autoNameTurns;
    private long _createdAt;
    private long _originSeq;
    private SessionId? _parent;
    private Hlc _latest;
    private ImmutableArray<string>.Builder? _tags;
    private ImmutableArray<string>.Builder? _formerIds;
    private ImmutableArray<Conflict>.Builder? _conflicts;
    private ImmutableSortedDictionary<string, string>.Builder? _meta;

    public void Add(RegisterState state)
    {
        var field = state.Register.Field;
        var survivors = field.IsIdentity() ? claims.Survivors(state) : state.Survivors;
        Entry? shown = null;
        foreach (var entry in survivors)
        {
            _latest = entry.Hlc > _latest ? entry.Hlc : _latest;
            shown = entry.Value.IsAbsent ? shown : entry;
        }

        NoteOrigin(state);
        if (field == Field.Machine)
            shown = claims.Winner;
        if (shown is null)
            return;
        Set(state.Register, shown.Value, survivors);
        if (survivors.Length > 1 && field.IsKnown())
            AddConflicts(state.Register, shown, survivors);
    }

    public SessionRecord ToRecord(bool isPrivate) => new()
    {
        Uuid = uuid,
        Name = _name,
        AutoRename = _autoRename,
        Summary = _summary,
        LastAutoNameTurnCount = _autoNameTurns,
        Tags = _tags?.DrainToImmutable() ?? [],
        Archived = _archived,
        // A collected tombstone cannot be revived (store.md, E6).
        Deleted = _deleted || _collected,
        Collected = _collected,
        Parent = _parent,
        Meta = _meta?.ToImmutable() ?? _noMeta,
        Agent = _agent,
        Machine = owner,
        Cwd = _cwd,
        AgentSessionId = _agentSessionId,
        FormerIds = _formerIds?.DrainToImmutable() ?? [],
        CreatedAt = _createdAt,
        Kept = _kept,
        UpdatedAt = Fold.Time(_latest),
        OriginSeq = _originSeq,
        Private = isPrivate,
        Conflicts = _conflicts?.DrainToImmutable() ?? [],
    };

    private void Set(Register register, Value value, ImmutableArray<Entry> survivors)
    {
        switch (register.Field)
        {
            case Field.Name:
                _name = value.AsText() ?? "";
                break;
            case Field.AutoRename:
                _autoRename = value.AsBoolean() ?? true;
                break;
            case Field.Summary:
                _summary = value.AsText() ?? "";
                break;
            case Field.LastAutoNameTurnCount:
                _autoNameTurns = Math.Max(0, value.AsInteger() ?? 0);
                break;
            case Field.Tag when register.Key is { } tag && value == Value.True:
                (_tags ??= ImmutableArray.CreateBuilder<string>()).Add(tag);
                break;
            case Field.Archived:
                _archived = value.AsBoolean() ?? false;
                break;
            case Field.Deleted:
                _deleted = HasTrue(survivors);
                break;
            case Field.Parent:
                _parent = SessionId.TryParse(value.AsText(), out var parent) ? parent : null;
                break;
            case Field.Meta when register.Key is { } key && value.AsText() is { } text:
                (_meta ??= _noMeta.ToBuilder())[key] = text;
                break;
            case Field.Agent:
                _agent = value.AsText() ?? "";
                break;
            case Field.Cwd:
                _cwd = value.AsText() ?? "";
                break;
            case Field.AgentSessionId:
                _agentSessionId = value.AsText() ?? "";
                break;
            case Field.FormerId when register.Key is { } former && value == Value.True:
                (_formerIds ??= ImmutableArray.CreateBuilder<string>()).Add(former);
                break;
            case Field.CreatedAt:
                _createdAt = Fold.Time(value.AsInteger());
                break;
            case Field.Kept:
                _kept = value.AsBoolean() ?? false;
                break;
            case Field.Collected:
                _collected = HasTrue(survivors);
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
