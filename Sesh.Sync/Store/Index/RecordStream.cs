using System.Buffers.Binary;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Index;

/// <summary>All records of an index in a row, through a buffer of bounded size: memory never touched before costs more than the reading.</summary>
internal sealed class RecordStream(IndexFile file, long at, long length)
{
    private const int Usual = 1 << 17;

    private readonly long _end = at + length;
    private byte[] _buffer = new byte[(int)Math.Min(length, Usual)];
    private long _readTo = at;
    private int _from;
    private int _to;

    /// <summary>False at the end. The piece, which the caller checks, is valid until the next call.</summary>
    public bool Next(out ReadOnlySpan<byte> piece, out SessionId session)
    {
        piece = default;
        session = default;
        if (_from == _to && _readTo == _end)
            return false;
        Expect(IndexBody.LengthSize);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_from));
        if (size < IndexBody.PieceHead || size > _end - _readTo + _to - _from - IndexBody.LengthSize)
            throw new IndexCorruptException("a record cut short");
        Expect(IndexBody.LengthSize + (int)size);
        piece = _buffer.AsSpan(_from + IndexBody.LengthSize, (int)size);
        session = SessionId.Read(piece[4..]);
        _from += IndexBody.LengthSize + (int)size;
        return true;
    }

    private void Expect(int count)
    {
        if (_to - _from >= count)
            return;
        var rest = _buffer.AsSpan(_from, _to - _from);
        var buffer = _buffer.Length < count ? new byte[count] : _buffer;
        rest.CopyTo(buffer);
        (_buffer, _from, _to) = (buffer, 0, rest.Length);
        var more = (int)Math.Min(_buffer.Length - _to, _end - _readTo);
        if (_to + more < count)
            throw new IndexCorruptException("a record cut short");
        file.Read(_readTo, _buffer.AsSpan(_to, more));
        _readTo += more;
        _to += more;
    }
}
