using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Tests.Oracle;

/// <summary>One installation of the world: its documents, by the rules under test.</summary>
internal sealed class Machine
{
    private readonly World _world;
    private readonly List<ReplicaId> _oldIds = [];
    private readonly List<ReplicaId> _damaged = [];
    private List<Document> _documents;
    private DocumentSet? _set;

    public Machine(World world, string name, ReplicaId replica)
    {
        _world = world;
        Name = name;
        Own = new Document { Replica = replica, Machine = name };
        _documents = [Own];
    }

    private Machine(Machine original, string name)
        : this(original._world, name, original.Own.Replica)
    {
        Restore(original.Backup());
    }

    public string Name { get; }

    /// <summary>By how much its wall clock is ahead, in milliseconds.</summary>
    public long Skew { get; set; }

    public Document Own { get; private set; }

    public List<Frame> Operations { get; } = [];

    /// <summary>Counts every time its documents changed.</summary>
    public int Changes { get; private set; }

    public long Wall => _world.Now + Skew;

    public IReadOnlyList<Document> Documents => _documents;

    public DocumentSet Set => _set ??= DocumentSet.Of(_documents, [Own.Replica, .. _oldIds.Except(_damaged)]);

    public GhostSet Held => _documents.Aggregate(GhostSet.Empty, (held, d) => held | _world.Prefix(d.Head));

    /// <summary>Replicas held that this machine never wrote; its own documents it keeps.</summary>
    public IReadOnlyList<ReplicaId> Others =>
        [.. _documents.Select(d => d.Replica).Where(r => r != Own.Replica && !_oldIds.Contains(r)).Distinct()];

    public RegisterState? State(Register register) => Set.State(register.Session)?.Of(register.Field, register.Key);

    public Value Shown(Register register) => State(register)?.Shown?.Value ?? Value.Absent;

    /// <summary>What survives, absent ones left out, as ghosts.</summary>
    public GhostSet Survivors() => _world.Visible(Set.States().SelectMany(s => s.Registers).SelectMany(r => r.Survivors)
        .Aggregate(GhostSet.Empty, (set, e) => set.With(_world.NumberOf(e))));

    /// <summary>Everything the fold says, to compare.</summary>
    public string View() => Views.Of(Set);

    public Frame? Write(params IEnumerable<(Register Register, Value Value)> settings) =>
        Write([.. settings.Select(s => new Setting(s.Register, s.Value))], _ => null);

    public Frame? Undo(Frame frame, bool force = false) => Undo(frame, force, out _);

    public Frame? Undo(Frame frame, bool force, out Reversal reversal)
    {
        reversal = Sync.Documents.Undo.Of(frame.Entries, frame.Operation!.Before, State, force);
        var planned = reversal;
        var undone = frame.Entries.GroupBy(e => e.Register).ToDictionary(g => g.Key, g => g.Last());
        return Write(reversal.Settings, r => planned.Settings.Any(s => s.Register == r && s.Context is not null)
            ? _world.PastOf(undone[r]).With(_world.NumberOf(undone[r]))
            : null);
    }

    /// <summary>Takes a copy of a document in.</summary>
    public void Receive(Document document)
    {
        if (document.End == 0)
            return;
        if (document.Replica == Own.Replica)
        {
            var merged = Branches.Merge(Own, document);
            if (merged is not null && merged.End <= Own.End)
                return;
            TakeNewId();
        }

        var copies = _documents.Where(d => d.Replica == document.Replica).ToArray();
        var branches = Branches.Of([.. copies, document]);
        if (branches.Length > 1)
            _world.Forks++;
        if (branches.SequenceEqual(copies))
            return;
        Replace(document.Replica, branches);
    }

    public void Send(Machine to, Func<Document, bool>? which = null, Func<Document, Document>? part = null)
    {
        foreach (var document in _documents.Where(which ?? (_ => true)).ToArray())
            to.Receive(part is null ? document : part(document));
    }

    public void SendOnly(Machine to, params Machine[] writers) => Send(to, d => writers.Any(w => w.Own.Replica == d.Replica));

    public void Compact(long compactTo, long ageTo) => SetOwn(Compaction.Compact(Own, compactTo, ageTo));

    /// <summary>Loses another's document, or has an older copy of it put in its place.</summary>
    public void Lose(ReplicaId replica, Func<Document, Document>? older = null)
    {
        var copies = _documents.Where(d => d.Replica == replica).ToArray();
        Replace(replica, older is null ? [] : [older(copies[0]), .. copies[1..]]);
    }

    /// <summary>
    /// Damage in its own document: everything from frame <paramref name="at"/> on is unreadable but for the frames behind that one, which it quotes under
    /// its new id. With <paramref name="at"/> -1 the compacted part is what is lost.
    /// </summary>
    public void Damage(int at)
    {
        var damaged = Own;
        var sound = damaged.Frames.RemoveRange(0, at + 1);
        Document? left = at < 0 ? null : damaged with { Frames = damaged.Frames[..at] };
        Replace(damaged.Replica, left is null ? [] : [left]);
        TakeNewId();
        _damaged.Add(damaged.Replica);
        ImmutableArray<Entry> quoted = [.. sound.SelectMany(f => f.Entries)];
        if (quoted.IsEmpty)
            return;
        SetOwn(Own with { Frames = [new Frame(1, 1, _world.NoteQuotes(Own.Head, quoted), quoted, null, Quotes: true)] });
    }

    public Machine Clone(string name)
    {
        var clone = new Machine(this, name);
        _world.Machines.Add(clone);
        return clone;
    }

    public (Document[] Documents, Document Own, ReplicaId[] OldIds) Backup() => ([.. _documents], Own, [.. _oldIds]);

    public void Restore((Document[] Documents, Document Own, ReplicaId[] OldIds) backup)
    {
        _documents = [.. backup.Documents];
        Own = backup.Own;
        _oldIds.Clear();
        _oldIds.AddRange(backup.OldIds);
        Changed();
    }

    private Frame? Write(IReadOnlyList<Setting> settings, Func<Register, GhostSet?> seen)
    {
        if (Set.IsOutrun(Own.Replica))
        {
            TakeNewId();
            _world.Forks++;
        }

        var drafted = Writing.Draft(settings, State, Own.Replica, Own.End + 1, Clock.Now(Wall, Set.Highest(Wall)), Set);
        if (drafted.Entries.IsEmpty)
            return null;
        var held = Held;
        var notes = new List<(Register, bool, GhostSet)>();
        foreach (var entry in drafted.Entries)
        {
            notes.Add((entry.Register, entry.Value.IsAbsent, seen(entry.Register) ?? _world.OfRegister(held, entry.Register)));
            // Ghosts are noted together, so those of this operation are told by register here.
            for (var i = 0; i < notes.Count - 1; i++)
            {
                if (notes[i].Item1 == entry.Register)
                    notes[^1] = (notes[^1].Item1, notes[^1].Item2, notes[^1].Item3.With(_world.Written + i));
            }
        }

        var digest = _world.Note(Own.Head, notes);
        var entries = drafted.WithCheck(digest.Check);
        _world.Bind(entries);
        var operation = new Operation("test", [], Wall, drafted.Before);
        var frame = new Frame(Own.End + 1, Own.End + entries.Length, digest, entries, operation);
        SetOwn(Own with { Frames = Own.Frames.Add(frame) });
        Operations.Add(frame);
        return frame;
    }

    private void TakeNewId()
    {
        _oldIds.Add(Own.Replica);
        Own = new Document { Replica = _world.FreshId(Name), Machine = Name };
        _documents.Add(Own);
        Changed();
    }

    private void SetOwn(Document own)
    {
        _documents[_documents.IndexOf(Own)] = own;
        Own = own;
        Changed();
    }

    private void Replace(ReplicaId replica, IEnumerable<Document> branches)
    {
        _documents.RemoveAll(d => d.Replica == replica);
        _documents.AddRange(branches);
        Changed();
    }

    private void Changed()
    {
        _set = null;
        Changes++;
    }
}
