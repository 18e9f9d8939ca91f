using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sesh.Output;

/// <summary>
/// Between another machine's output and a terminal: text, line ends, tabs and changes of colour pass; every other control character is made visible, as in what is stored. That
/// machine has done so already where it means no harm.
/// </summary>
internal sealed class TerminalGuard(Stream inner) : Stream
{
    private const char Escape = '\x1b';

    /// <summary>Of a colour's sequence, which is never longer where it is ours.</summary>
    private const int LongestColor = 24;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _sequence = new();
    private readonly StringBuilder _text = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var chars = ArrayPool<char>.Shared.Rent(buffer.Length + 4);
        try
        {
            foreach (var c in chars.AsSpan(0, _decoder.GetChars(buffer, chars, flush: false)))
                Take(c);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }

        if (_text.Length > 0)
            inner.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(char c)
    {
        if (_sequence.Length == 0 && c == Escape)
        {
            _sequence.Append(c);
        }
        else if (_sequence.Length == 0)
        {
            Show(c);
        }
        else if (_sequence.Length == 1 ? c == '[' : _sequence.Length < LongestColor && (char.IsAsciiDigit(c) || c == ';'))
        {
            _sequence.Append(c);
        }
        else if (_sequence.Length > 1 && c == 'm')
        {
            _text.Append(_sequence).Append(c);
            _sequence.Clear();
        }
        else
        {
            // No colour: what looked like one is shown as it came, and this may begin one.
            var begun = _sequence.ToString();
            _sequence.Clear();
            foreach (var shown in begun)
                Show(shown);
            Take(c);
        }
    }

    private void Show(char c)
    {
        if (!Visible.IsControl(c) || c is '\n' or '\t')
            _text.Append(c);
        else if (c < ' ')
            _text.Append((char)('\u2400' + c));
        else if (c == '\x7f')
            _text.Append('\u2421');
        else
            _text.Append(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>");
    }
}
