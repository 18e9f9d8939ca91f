using System.Runtime.CompilerServices;
using System.Text;

namespace Sesh.Output;

/// <summary>Gathers what goes to a stream and hands it over in large pieces: a listing of ten thousand sessions is some fifty writes.</summary>
internal sealed class ResultBuffer(Stream stream)
{
    private const int PieceSize = 1 << 16;

    private byte[] _bytes = [];
    private int _used;

    /// <summary>Counts what was written into the last span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _used += count;

    /// <summary>Room for at least that many bytes, to be written and then counted by <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int size)
    {
        if (_bytes.Length - _used < size)
            MakeRoom(size);
        return _bytes.AsSpan(_used);
    }

    public void Text(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            // In pieces, so that a text of many megabytes needs no buffer of its size; never between the halves of a surrogate pair.
            var take = Math.Min(text.Length, 8192);
            if (take < text.Length && char.IsHighSurrogate(text[take - 1]))
                take--;
            Advance(Encoding.UTF8.GetBytes(text[..take], GetSpan(3 * take)));
            text = text[take..];
        }
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= PieceSize)
        {
            Flush();
            stream.Write(bytes);
            return;
        }

        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public void Flush()
    {
        // Emptied first: what a failed write left must not be written again at the end.
        var used = _used;
        _used = 0;
        if (used > 0)
            stream.Write(_bytes.AsSpan(0, used));
        stream.Flush();
    }

    private void MakeRoom(int size)
    {
        if (_used + size > PieceSize)
            Flush();
        var wanted = _used + size;
        if (wanted <= _bytes.Length)
            return;
        // Short results stay short: most commands print a line.
        var grown = new byte[_bytes.Length == 0 ? Math.Max(wanted, 1024) : Math.Max(wanted, PieceSize)];
        _bytes.AsSpan(0, _used).CopyTo(grown);
        _bytes = grown;
    }
}
