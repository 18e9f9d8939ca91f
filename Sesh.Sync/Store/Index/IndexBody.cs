using System.Buffers.Binary;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Index;

/// <summary>
/// The sessions of an index while it is written, in ascending order of uuid: first all registers, then all records. A session's registers and its record are pieces of their own: checksum, uuid, what they
/// hold; a record's has its length before it, so that a listing reads them in a row.
/// </summary>
internal sealed class IndexBody(IndexFileWriter writer, ReplicaNumbers replicas, Words words, Dictionary<string, int> tags)
{
    /// <summary>Checksum and uuid.</summary>
    public const int PieceHead = 4 + SessionId.Size;

    public const int LengthSize = 4;

    /// <summary>Of an entry of the uuids: place and length of the record, place and length of the registers.</summary>
    public const int PlaceSize = 20;

    private readonly StateFormat _states = new(replicas);
    private readonly RecordFormat _records = new(replicas, words);
    private readonly ByteSink _piece = new(4096);
    private readonly ByteSink _listing = new(1 << 16);
    private readonly ByteSink _uuids = new(1 << 12);
    private readonly List<(UInt128 Key, SessionId Session)> _aliases = [];

    /// <summary>How many have a record.</summary>
    public int Shown { get; private set; }

    /// <param name="state">The registers.</param>
    /// <param name="record">Null where they show nothing.</param>
    public void Add(SessionState state, SessionRecord? record)
    {
        _piece.Clear();
        Begin(state.Uuid);
        _states.Write(_piece, state);
        var registers = End();
        var registersAt = writer.Write(registers);
        var registersLength = registers.Length;
        if (record is null)
        {
            AddPlaces(state.Uuid, [], registersAt, registersLength);
            return;
        }

        _piece.Clear();
        Begin(record.Uuid);
        _records.Write(_piece, record);
        AddPlaces(record.Uuid, End(), registersAt, registersLength);

        foreach (var alias in Aliases.Of(record))
            _aliases.Add((Aliases.Key(alias), record.Uuid));
        Count(tags, record, 1);
    }

    /// <summary>Takes over a session's pieces as they stand in the index before. Its aliases are added with <see cref="AddAlias"/>, its tags are counted.</summary>
    public void AddPieces(SessionId session, ReadOnlySpan<byte> record, ReadOnlySpan<byte> registers) =>
        AddPlaces(session, record, writer.Write(registers), registers.Length);

    public void AddAlias(UInt128 key, SessionId session) => _aliases.Add((key, session));

    public static void Count(Dictionary<string, int> tags, SessionRecord record, int by)
    {
        if (record.Deleted)
            return;
        foreach (var tag in record.Tags)
        {
            var count = tags.GetValueOrDefault(tag) + by;
            if (count > 0)
                tags[tag] = count;
            else
                tags.Remove(tag);
        }
    }

    public (TablePlace Uuids, TablePlace Aliases, long RecordsAt, long RecordsLength) Finish()
    {
        var recordsAt = writer.Write(_listing.Written);
        _aliases.Sort();
        var aliases = new ByteSink(_aliases.Count * 2 * KeyTable.KeySize);
        foreach (var (key, session) in _aliases)
        {
            aliases.UInt128(key);
            aliases.UInt128(session.Bits);
        }

        return (KeyTable.Write(writer, _uuids.Written, PlaceSize), KeyTable.Write(writer, aliases.Written, SessionId.Size), recordsAt, _listing.Length);
    }

    private void Begin(SessionId session)
    {
        _piece.UInt32(0);
        _piece.UInt128(session.Bits);
    }

    private ReadOnlySpan<byte> End()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_piece.Edit(0, 4), Crc.Of(_piece.Written[4..]));
        return _piece.Written;
    }

    private void AddPlaces(SessionId session, ReadOnlySpan<byte> record, long registersAt, int registersLength)
    {
        if (!record.IsEmpty)
        {
            _listing.UInt32((uint)record.Length);
            Shown++;
        }

        _uuids.UInt128(session.Bits);
        _uuids.UInt32(checked((uint)_listing.Length));
        _uuids.UInt32((uint)record.Length);
        _uuids.UInt64((ulong)registersAt);
        _uuids.UInt32((uint)registersLength);
        _listing.Bytes(record);
    }
}
