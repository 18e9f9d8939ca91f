namespace Sesh.Sync.Wire;

/// <summary>Reads the preamble, then frames. One reader at a time.</summary>
internal sealed class FrameReader(Stream input, TimeProvider time)
{
    /// <summary>What a remote shell may print before <c>sesh</c> speaks.</summary>
    private const int MaxNoise = 64 << 10;

    private const int Shown = 200;

    private byte[] _buffer = new byte[8 << 10];
    private int _from;
    private int _to;

    /// <summary>Not found in any text: a NUL, and a byte that UTF-8 does not have.</summary>
    public static ReadOnlySpan<byte> Magic => [0x00, (byte)'s', (byte)'e', (byte)'s', (byte)'h', 0xF5, (byte)'\n'];

    /// <summary>Bytes of frames, heads and preamble included, noise not.</summary>
    public long Bytes { get; private set; }

    /// <summary>What came before the preamble, as far as it came; for messages.</summary>
    public string Noise
    {
        get
        {
            // Perhaps while a read that does not hear of cancellation still goes on.
            var (bytes, from) = (_buffer, _from);
            return Visible.Of(bytes.AsSpan(from, Math.Clamp(_to - from, 0, Math.Min(4 * Shown, bytes.Length - from))), Shown);
        }
    }

    /// <summary>The timestamp of the last bytes.</summary>
    public long LastHeard { get; private set; } = time.GetTimestamp();

    public bool Heard => _to > _from;

    /// <summary>Whether the preamble came; false where the stream ended before.</summary>
    /// <exception cref="WireException">Too much came before it.</exception>
    public async ValueTask<bool> SkipToMagicAsync(CancellationToken cancel)
    {
        for (var searched = 0; ;)
        {
            var at = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf(Magic);
            if (at >= 0)
            {
                _from += searched + at + Magic.Length;
                Bytes = Magic.Length;
                return true;
            }

            if (_to - _from > MaxNoise)
                throw new WireException("too much before it");
            searched = Math.Max(0, _to - _from - Magic.Length + 1);
            if (!await FillAsync(_to - _from + 1, cancel).ConfigureAwait(false))
                return false;
        }
    }

    /// <summary>The next frame; null where the stream ends behind the last one.</summary>
    /// <exception cref="WireException">It is too large, or ends in the middle.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (TryHead(out var head, out var tag, out var length))
            {
                if (!await FillAsync(head + length, cancel).ConfigureAwait(false))
                    throw new WireException("the connection ended within a frame");
                var frame = new Frame((FrameKind)(tag & 31), (uint)(tag >> 5), _buffer.AsMemory(_from + head, length));
                _from += head + length;
                Bytes += head + length;
                return frame;
            }

            if (!await FillAsync(_to - _from + 1, cancel).ConfigureAwait(false))
                return Heard ? throw new WireException("the connection ended within a frame") : null;
        }
    }

    private bool TryHead(out int size, out ulong tag, out int length)
    {
        var bytes = _buffer.AsSpan(_from, _to - _from);
        (size, length) = (0, 0);
        var first = Varint.Read(bytes, out tag);
        if (first == 0)
            return false;
        var second = Varint.Read(bytes[first..], out var payload);
        if (second == 0)
            return false;
        if (tag >> 5 > uint.MaxValue)
            throw new WireException("a channel that cannot be");
        if (payload > Limits.Payload)
            throw new WireException($"a frame of {payload} bytes");
        (size, length) = (first + second, (int)payload);
        return true;
    }

    /// <summary>Has at least so many bytes in the buffer; false at the end of the stream.</summary>
    private async ValueTask<bool> FillAsync(int wanted, CancellationToken cancel)
    {
        while (_to - _from < wanted)
        {
            if (_from + wanted > _buffer.Length || _to == _buffer.Length)
                MakeRoom(wanted);
            var read = await input.ReadAsync(_buffer.AsMemory(_to), cancel).ConfigureAwait(false);
            if (read == 0)
                return false;
            _to += read;
            LastHeard = time.GetTimestamp();
        }

        return true;
    }

    private void MakeRoom(int wanted)
    {
        var held = _buffer.AsSpan(_from, _to - _from);
        if (wanted > _buffer.Length)
        {
            var larger = new byte[Math.Max(wanted, 2 * _buffer.Length)];
            held.CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            held.CopyTo(_buffer);
        }

        (_from, _to) = (0, held.Length);
    }
}
