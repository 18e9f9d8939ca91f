using System.Collections.Immutable;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>
/// Reads a document file, whatever its bytes are: the sound prefix, then what is sound behind damage, found again at the next block's magic.
/// </summary>
internal sealed class DocumentReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly bool _prove;
    private readonly List<DamagedBytes> _damage = [];
    private readonly ImmutableArray<Frame>.Builder _frames = ImmutableArray.CreateBuilder<Frame>();
    private readonly ImmutableArray<int>.Builder _offsets = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<Entry>.Builder _behind = ImmutableArray.CreateBuilder<Entry>();
    private DocumentHeader _header;
    private ImmutableArray<BaseEntry> _base = [];
    private Digest _baseDigest;
    private Digest _head;
    private long _end;
    private int _at;
    private bool _hasMore;
    private bool _tornTail;

    private DocumentReader(ReadOnlyMemory<byte> bytes, DocumentHeader header, bool prove)
    {
        _bytes = bytes;
        _header = header;
        _prove = prove;
    }

    /// <summary>Null where it is no document of ours: neither its header nor <paramref name="hint"/> tell whose it is.</summary>
    /// <param name="prove">Also hashes the chain and the compacted part; else checksums and links are looked at.</param>
    /// <exception cref="NewerFormatException">Of another major version.</exception>
    public static LoadedDocument? Read(ReadOnlyMemory<byte> bytes, DocumentHint? hint, bool prove)
    {
        var header = ReadHeader(bytes, out var end);
        if (header is null && hint is null)
            return null;
        var reader = new DocumentReader(bytes, header ?? MadeUp(hint!.Value), prove);
        reader.ReadAll(end);
        return reader.Result();
    }

    /// <summary>
    /// Reads the frames that stand behind a known place, for who holds the rest: returns null where the bytes are anything but sound frames (a torn tail is
    /// left out, as a reader beside a writer must).
    /// </summary>
    /// <param name="bytes">From the known place to the end of the file.</param>
    public static ImmutableArray<Frame>? ReadBehind(ReadOnlyMemory<byte> bytes, ReplicaId replica, long end, Digest head, out int soundLength)
    {
        var header = MadeUp(new DocumentHint(replica, "", false));
        var reader = new DocumentReader(bytes, header, prove: false) { _end = end, _head = head };
        reader.ReadFrames();
        soundLength = reader._at;
        return soundLength == bytes.Length || reader.IsTornTail(soundLength) ? reader._frames.DrainToImmutable() : null;
    }

    private static DocumentHeader? ReadHeader(ReadOnlyMemory<byte> bytes, out int end)
    {
        end = 0;
        if (Block.Read(bytes.Span, 0, out var block) != BlockState.Sound || block.Kind != BlockKind.Header)
            return null;
        try
        {
            var header = HeaderPayload.Read(block.Payload(bytes));
            if (ChainHash.Of(Digest.Zero, header.Replica, block.Payload(bytes).Span) != block.Digest)
                return null;
            end = block.End;
            return header;
        }
        catch (MalformedException)
        {
            // Reported as damage by whoever reads on.
            return null;
        }
    }

    private static DocumentHeader MadeUp(DocumentHint hint) =>
        new() { Replica = hint.Replica, Machine = hint.Machine, Private = hint.Private, PublicKey = [] };

    private void ReadAll(int headerEnd)
    {
        _at = headerEnd;
        _hasMore = _header.HasMore;
        var whole = headerEnd > 0 && ReadBase();
        if (whole)
            ReadFrames();
        if (_at == _bytes.Length && whole)
            return;
        if (!whole)
        {
            _header = _header with { Generation = 0, CompactedTo = 0, AgedTo = 0, Dropped = [], Generations = [] };
            _head = Digest.Zero;
            _end = 0;
        }

        ReadBehindDamage();
    }

    private bool ReadBase()
    {
        if (_header.CompactedTo == 0)
            return true;
        if (Block.Read(_bytes.Span, _at, out var block) != BlockState.Sound || block.Kind != BlockKind.Base)
            return false;
        var head = _header.Generations[^1].Digest;
        try
        {
            var payload = Inflation.Inflate(block.Payload(_bytes));
            if (block.Link != head.Check || (_prove && ChainHash.Of(head, _header.Replica, payload.Span) != block.Digest))
                return false;
            var entries = BasePayload.Read(payload, _header.Replica, out var more);
            if (!entries.IsEmpty && entries[^1].FrameEnd > _header.CompactedTo)
                return false;
            _base = entries;
            _hasMore |= more;
        }
        catch (MalformedException)
        {
            // Reported as damage by whoever reads on.
            return false;
        }

        _baseDigest = block.Digest;
        _head = head;
        _end = _header.CompactedTo;
        _at = block.End;
        return true;
    }

    // Stops at the first block that is not the next frame.
    private void ReadFrames()
    {
        while (Block.Read(_bytes.Span, _at, out var block) == BlockState.Sound)
        {
            if (IsUnknown(block.Kind))
            {
                _hasMore = true;
                _at = block.End;
                continue;
            }

            if (block.Kind != BlockKind.Frame || block.Link != _head.Check)
                return;
            if (_prove && ChainHash.Of(_head, _header.Replica, block.Payload(_bytes).Span) != block.Digest)
                return;
            if (TryFrame(block) is not { } frame || frame.Start != _end + 1)
                return;
            _hasMore |= frame.Entries.IsEmpty;
            _frames.Add(frame);
            _offsets.Add(_at);
            _head = frame.Digest;
            _end = frame.End;
            _at = block.End;
        }
    }

    private void ReadBehindDamage()
    {
        var at = _at;
        if (IsTornTail(at))
        {
            _tornTail = true;
            return;
        }

        while (at < _bytes.Length)
        {
            var found = Block.Next(_bytes.Span, at, out var block);
            if (found && !TryBehind(block))
            {
                Damaged(at, block.End);
                at = block.End;
                continue;
            }

            var next = found ? block.Offset : _bytes.Length;
            if (next > at)
                Damaged(at, next);
            at = found ? block.End : next;
        }
    }

    private bool TryBehind(Block block)
    {
        if (IsUnknown(block.Kind))
            return true;
        if (block.Kind == BlockKind.Frame && TryFrame(block) is { } frame)
        {
            _behind.AddRange(frame.Entries);
            return true;
        }

        if (block.Kind != BlockKind.Base)
            return false;
        try
        {
            foreach (var kept in BasePayload.Read(Inflation.Inflate(block.Payload(_bytes)), _header.Replica, out _))
                _behind.Add(kept.Entry);
            return true;
        }
        catch (MalformedException)
        {
            // The caller counts it as damage.
            return false;
        }
    }

    private Frame? TryFrame(Block block)
    {
        try
        {
            return FramePayload.Read(block.Payload(_bytes), _header.Replica, block.Digest);
        }
        catch (MalformedException)
        {
            // Sound checksums over nonsense: forged, or a bug of another version. The caller counts it as damage.
            return null;
        }
    }

    // A newer minor version's: between the others, outside the chain.
    private static bool IsUnknown(BlockKind kind) => kind is not (BlockKind.Header or BlockKind.Base or BlockKind.Frame);

    private void Damaged(int from, int to)
    {
        if (_damage.Count > 0 && _damage[^1] is var last && last.Offset + last.Length == from)
            _damage[^1] = last with { Length = to - last.Offset };
        else
            _damage.Add(new DamagedBytes(from, to - from));
    }

    // A write cut short leaves the beginning of a frame; a file system that had grown the file first leaves zeros.
    private bool IsTornTail(int at)
    {
        var rest = _bytes.Span[at..];
        if (rest.IsEmpty)
            return false;
        if (!rest.ContainsAnyExcept((byte)0))
            return true;
        return Block.Read(_bytes.Span, at, out _) == BlockState.Incomplete && !Block.Next(_bytes.Span, at, out _);
    }

    private LoadedDocument Result() => new()
    {
        Header = _header,
        Document = new Document
        {
            Replica = _header.Replica,
            Machine = _header.Machine,
            Generation = _header.Generation,
            CompactedTo = _header.CompactedTo,
            AgedTo = _header.AgedTo,
            Base = _base,
            Dropped = _header.Dropped,
            Generations = _header.Generations,
            Frames = _frames.DrainToImmutable(),
        },
        BaseDigest = _baseDigest,
        Behind = _behind.DrainToImmutable(),
        Damage = [.. _damage],
        SoundLength = _at,
        HasTornTail = _tornTail,
        HasMore = _hasMore,
        FramesOffset = _offsets.Count > 0 ? _offsets[0] : _at,
        FrameOffsets = _offsets.DrainToImmutable(),
        Bytes = _bytes,
    };
}
