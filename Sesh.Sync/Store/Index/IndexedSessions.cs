using System.Buffers.Binary;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Index;

/// <summary>The sessions of an index, with what was appended behind it. Every member may throw <see cref="IndexCorruptException"/>.</summary>
internal sealed class IndexedSessions : IDisposable
{
    // Beyond so many a listing's one read beats a read each.
    private const int ManyMatches = 256;

    private readonly IndexFile _file;
    private readonly KeyTable _uuids;
    private readonly KeyTable _aliases;
    private readonly StateFormat _states;
    private readonly RecordFormat _records;
    private readonly HashSet<ReplicaId> _privates;
    private (SessionId Session, SessionState? State)? _last;

    private IndexedSessions(IndexFile file, IndexHead head, Tail tail)
    {
        (_file, Head, Tail) = (file, head, tail);
        _uuids = new KeyTable(file, head.Uuids, IndexBody.PlaceSize);
        _aliases = new KeyTable(file, head.Aliases, SessionId.Size);
        _states = new StateFormat(head.Replicas);
        _records = new RecordFormat(head.Replicas, head.Words);
        _privates = [.. head.Documents.Where(d => d.IsPrivate).Select(d => d.Replica)];
    }

    public IndexHead Head { get; }

    public Tail Tail { get; }

    public long FileLength => _file.Length;

    public int Count => Head.Shown + Tail.Sessions.Sum(s => (Find(s) is null ? 0 : 1) - (IndexedRecord(s) is null ? 0 : 1));

    public IReadOnlySet<ReplicaId> Privates => _privates;

    /// <summary>Null where the files are no longer those it was made of.</summary>
    public static IndexedSessions? Open(string path, DocumentFiles files)
    {
        var file = IndexFile.Open(path, out var bytes);
        try
        {
            var head = IndexHead.Read(bytes);
            if (Tail.Read(file, head, files) is { } tail)
            {
                var sessions = new IndexedSessions(file, head, tail);
                file = null;
                return sessions;
            }

            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <param name="machine">Only those that it owns; null for all.</param>
    public List<SessionRecord> Records(string? machine = null)
    {
        var pieces = new RecordStream(_file, Head.RecordsAt, Head.RecordsLength);
        var records = new List<SessionRecord>(machine is null ? checked((int)_uuids.Count) + Tail.Sessions.Count : 0);
        while (pieces.Next(out var piece, out var session))
        {
            Check(piece, session);
            if (Tail.Of(session).Count == 0 && (machine is null || IsOf(piece, machine)))
                records.Add(ReadRecord(piece, session));
        }

        if (Tail.Sessions.Count == 0)
            return records;
        foreach (var session in Tail.Sessions)
        {
            if (Record(State(session)!) is { } record && (machine is null || record.Machine == machine))
                records.Add(record);
        }

        records.Sort(static (a, b) => a.Uuid.CompareTo(b.Uuid));
        return records;
    }

    public SessionRecord? Find(SessionId session)
    {
        if (Tail.Of(session).Count > 0)
            return Record(State(session)!);
        return IndexedRecord(session);
    }

    /// <summary>Commands ask for one session several times in a row.</summary>
    public SessionState? State(SessionId session)
    {
        if (_last is not { } last || last.Session != session)
            _last = last = (session, ReadState(session));
        return last.State;
    }

    private SessionState? ReadState(SessionId session)
    {
        var state = IndexedState(session);
        var behind = Tail.Of(session);
        if (behind.Count == 0)
            return state;
        var registers = new SortedDictionary<Register, RegisterState>();
        foreach (var register in state?.Registers ?? [])
            registers.Add(register.Register, register);
        foreach (var entry in behind)
        {
            registers[entry.Register] = registers.TryGetValue(entry.Register, out var register)
                ? register.With(entry, Tail.Chains)
                : RegisterState.Of(entry, Tail.Chains);
        }

        return new SessionState(session, [.. registers.Values]);
    }

    public IReadOnlyList<SessionRecord> Match(string prefix)
    {
        var ids = new SortedSet<SessionId>();
        var isUuid = Aliases.TryUuids(prefix, out var first, out var last);
        if ((isUuid && !Gather(_uuids, first, last, ids, isAlias: false))
            || !Gather(_aliases, Aliases.Key(prefix), Aliases.Key(prefix, byte.MaxValue), ids, isAlias: true))
            return [.. Records().Where(r => Aliases.Matches(r, prefix))];
        foreach (var session in Tail.Sessions)
        {
            // The others are under the aliases that the index has, or under none that matches.
            if ((isUuid && first <= session.Bits && session.Bits <= last) || Tail.Of(session).Any(MayMoveAliases))
                ids.Add(session);
        }

        var found = new List<SessionRecord>();
        foreach (var id in ids)
        {
            if (Find(id) is { } record && Aliases.Matches(record, prefix))
                found.Add(record);
        }

        return found;
    }

    public IReadOnlyDictionary<string, int> Tags()
    {
        if (Tail.Sessions.Count == 0)
            return Head.Tags;
        var tags = new Dictionary<string, int>(Head.Tags, StringComparer.Ordinal);
        foreach (var session in Tail.Sessions)
        {
            if (IndexedRecord(session) is { } before)
                IndexBody.Count(tags, before, -1);
            if (Find(session) is { } now)
                IndexBody.Count(tags, now, 1);
        }

        return tags;
    }

    /// <summary>Null where it shows nothing.</summary>
    public SessionRecord? Record(SessionState state) =>
        state.ShowsNothing ? null : Fold.Record(state, Head.Replicas.MachineOf, DocumentReading.IsPrivate(state, _privates));

    /// <summary>
    /// Every session of the index alone with its pieces as they stand, ascending; an empty record where it shows nothing. Their checksums are not looked at, for they
    /// go with them.
    /// </summary>
    public IEnumerable<(SessionId Session, ReadOnlyMemory<byte> Record, ReadOnlyMemory<byte> Registers)> Pieces()
    {
        var records = _file.Read(Head.RecordsAt, Head.RecordsLength);
        var registers = _file.Read(IndexFile.PrefixSize, Head.RecordsAt - IndexFile.PrefixSize);
        for (long i = 0; i < _uuids.Count; i++)
        {
            var places = Places(i);
            yield return (
                new SessionId(_uuids.Key(i)),
                Slice(records, places.RecordAt - Head.RecordsAt, places.RecordLength),
                Slice(registers, places.RegistersAt - IndexFile.PrefixSize, places.RegistersLength));
        }
    }

    /// <summary>Every alias of the index alone.</summary>
    public IEnumerable<(UInt128 Key, SessionId Session)> AliasKeys()
    {
        for (long i = 0; i < _aliases.Count; i++)
            yield return (_aliases.Key(i), SessionId.Read(_aliases.Value(i)));
    }

    public SessionRecord? IndexedRecord(SessionId session) =>
        TryPlaces(session, out var places) && places.RecordLength > 0 ? ReadRecord(ReadPiece(places.RecordAt, places.RecordLength, session), session) : null;

    public KeyTable MarksOf(IndexedDocument document) => new(_file, document.Marks, 0);

    /// <summary>What was told of the files when the index was made; a frame that was being written is none any more.</summary>
    public IReadOnlyList<Notice> Notices => Tail.Length == 0 ? Head.Notices : [.. Head.Notices.Where(n => n.Code != "torn-tail")];

    public bool IsOutrun(ReplicaId own)
    {
        var end = Tail.Documents.FirstOrDefault(d => d.IsOwn && d.Replica == own)?.Head.End ?? 0;
        return Tail.Named.Highest(own) > end;
    }

    /// <summary>See <see cref="IWriterSource.HeadOf"/>; the path is under the home.</summary>
    public DocumentHead? HeadOf(string path)
    {
        foreach (var document in Tail.Documents)
        {
            if (document.Path == path && !document.IsForeign && document.Head.Length == document.Identity.Size)
                return document.Head;
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    private SessionState? IndexedState(SessionId session)
    {
        if (!TryPlaces(session, out var places))
            return null;
        var source = new ByteSource(ReadPiece(places.RegistersAt, places.RegistersLength, session).AsSpan(IndexBody.PieceHead));
        return _states.Read(ref source, session);
    }

    // Whose ids count is the owner's to say.
    private static bool MayMoveAliases(Entry entry) => entry.Register.Field is Field.AgentSessionId or Field.FormerId or Field.Machine;

    // False where there are too many.
    private static bool Gather(KeyTable table, UInt128 first, UInt128 last, SortedSet<SessionId> ids, bool isAlias)
    {
        for (var i = table.FirstFrom(first); i < table.Count && table.Key(i) is var key && key <= last; i++)
        {
            ids.Add(isAlias ? SessionId.Read(table.Value(i)) : new SessionId(key));
            if (ids.Count > ManyMatches)
                return false;
        }

        return true;
    }

    private bool TryPlaces(SessionId session, out PiecePlaces places)
    {
        var index = _uuids.FirstFrom(session.Bits);
        var isThere = index < _uuids.Count && _uuids.Key(index) == session.Bits;
        places = isThere ? Places(index) : default;
        return isThere;
    }

    private PiecePlaces Places(long index)
    {
        var source = new ByteSource(_uuids.Value(index));
        return new PiecePlaces(Head.RecordsAt + source.UInt32(), source.UInt32(), (long)source.UInt64(), source.UInt32());
    }

    private static ReadOnlyMemory<byte> Slice(byte[] section, long at, long length) => at >= 0 && at <= section.Length && length <= section.Length - at
        ? section.AsMemory((int)at, (int)length)
        : throw new IndexCorruptException("a piece outside its section");

    private byte[] ReadPiece(long at, long length, SessionId session)
    {
        var piece = _file.Read(at, length);
        Check(piece, session);
        return piece;
    }

    private static void Check(ReadOnlySpan<byte> piece, SessionId session)
    {
        if (piece.Length < IndexBody.PieceHead || BinaryPrimitives.ReadUInt32LittleEndian(piece) != Crc.Of(piece[4..]) || SessionId.Read(piece[4..]) != session)
            throw new IndexCorruptException("a piece is damaged");
    }

    private bool IsOf(ReadOnlySpan<byte> piece, string machine)
    {
        var source = new ByteSource(piece[IndexBody.PieceHead..]);
        return _records.ReadMachine(ref source) == machine;
    }

    private SessionRecord ReadRecord(ReadOnlySpan<byte> piece, SessionId session)
    {
        var source = new ByteSource(piece[IndexBody.PieceHead..]);
        return _records.Read(ref source, session);
    }

    private readonly record struct PiecePlaces(long RecordAt, long RecordLength, long RegistersAt, long RegistersLength);
}
