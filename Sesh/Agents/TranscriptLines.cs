namespace Sesh.Agents;

/// <summary>
/// Lines of a transcript as bytes, from a stream of any size in bounded memory: one buffer, of 64 KB for nearly every file, of at most
/// <paramref name="longest"/> when a line is that long. A longer line is passed over and counted.
/// </summary>
/// <param name="longest">In bytes.</param>
internal sealed class TranscriptLines(Stream stream, int longest = TranscriptLines.LongestLine)
{
    /// <summary>Agents write lines of 16 MB (pasted images, whole files); twenty leaves room.</summary>
    public const int LongestLine = 20 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private bool _over;
    private bool _passing;

    /// <summary>Bytes from where reading began to the end of the last line that had its newline.</summary>
    public long Consumed { get; private set; }

    /// <summary>Lines passed over because they were too long.</summary>
    public long TooLong { get; private set; }

    /// <summary>
    /// The next line that is not empty, without its newline. <paramref name="whole"/> is false for a last line without one: the agent may be in the middle of
    /// writing it. The span holds until the next call.
    /// </summary>
    public bool Next(out ReadOnlySpan<byte> line, out bool whole)
    {
        var searched = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var end = searched + newline;
                var found = _buffer.AsSpan(_start, end - _start);
                Consumed += end + 1 - _start;
                _start = searched = end + 1;
                if (_passing)
                {
                    _passing = false;
                    continue;
                }

                found = found.TrimEnd((byte)'\r');
                if (found.IsEmpty)
                {
                    continue;
                }

                line = found;
                whole = true;
                return true;
            }

            searched = _end;
            if (_over)
            {
                line = _passing ? default : _buffer.AsSpan(_start, _end - _start);
                whole = false;
                _start = _end;
                return !line.IsEmpty;
            }

            searched = Fill(searched);
        }
    }

    private int Fill(int searched)
    {
        if (_start > 0 && (_start == _end || _end == _buffer.Length))
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length < longest)
            {
                // Few steps only: pages of the large buffer that no line reaches are never touched, hence cost nothing.
                var larger = GC.AllocateUninitializedArray<byte>(_buffer.Length < 1 << 20 ? 1 << 20 : _buffer.Length < LongestLine ? LongestLine : longest);
                Buffer.BlockCopy(_buffer, 0, larger, 0, _end);
                _buffer = larger;
            }
            else
            {
                TooLong += _passing ? 0 : 1;
                _passing = true;
                Consumed += _end;
                _start = _end = searched = 0;
            }
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _over = read == 0;
        return searched;
    }
}
