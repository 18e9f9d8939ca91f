using System.Buffers.Text;
using System.Text;
using Sesh.Sync.Documents;

namespace Sesh.Output;

/// <summary>
/// JSON by contract: two-space indented, <c>"key": value</c>, raw UTF-8, but with every character escaped that <see cref="Visible"/> would show.
/// (Utf8JsonWriter escapes emoji and would let bidirectional controls through.) Told to, it leaves out properties of the outermost objects.
/// </summary>
internal sealed class JsonWriter(ResultBuffer output, IReadOnlyCollection<string>? fields = null)
{
    private const int Deepest = 64;
    private const int LongestSeparator = (2 * Deepest) + 2;

    private readonly byte[][]? _fields = fields?.Select(Encoding.UTF8.GetBytes).ToArray();

    // One bit a level: is something already in this container? Deeper than we ever write.
    private ulong _filled;
    private int _depth;
    private int _objects;

    // The depth at which a property that was not asked for began; what is written deeper goes nowhere.
    private int _skipping = -1;
    private bool _named;

    private static ReadOnlySpan<byte> LineAndIndent =>
        "\n                                                                                                                                "u8;

    public void StartObject()
    {
        Open((byte)'{');
        _objects++;
    }

    /// <summary>An object around the records: <c>--fields</c> is not about its properties.</summary>
    public void StartEnvelope() => Open((byte)'{');

    public void EndEnvelope() => Close((byte)'}');

    public void EndObject()
    {
        _objects--;
        Close((byte)'}');
    }

    public void StartArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    /// <param name="name">Of ASCII letters.</param>
    public void Name(ReadOnlySpan<byte> name)
    {
        if (_skipping >= 0)
            return;
        if (_fields is not null && _objects == 1 && !IsWanted(name))
        {
            _skipping = _depth;
            return;
        }

        // In one piece: a listing of ten thousand sessions has half a million names.
        var span = output.GetSpan(LongestSeparator + name.Length + 4);
        var at = Separate(span);
        span[at++] = (byte)'"';
        name.CopyTo(span[at..]);
        at += name.Length;
        span[at++] = (byte)'"';
        span[at++] = (byte)':';
        span[at++] = (byte)' ';
        output.Advance(at);
        _named = true;
    }

    /// <summary>A key that is data: escaped as any text.</summary>
    public void Key(string key)
    {
        if (_skipping >= 0)
            return;
        Separate();
        JsonText.Write(output, key);
        Raw(": "u8);
        _named = true;
    }

    /// <summary>Null is JSON's null.</summary>
    public void Value(string? text)
    {
        if (text is null)
        {
            Literal("null"u8);
        }
        else if (Begin())
        {
            JsonText.Write(output, text);
        }
    }

    public void Value(long number)
    {
        if (!Begin())
            return;
        _ = Utf8Formatter.TryFormat(number, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    public void Value(bool value) => Literal(value ? "true"u8 : "false"u8);

    public void Value(SessionId uuid)
    {
        if (!Begin())
            return;
        var span = output.GetSpan(38);
        span[0] = (byte)'"';
        uuid.Format(span[1..]);
        span[37] = (byte)'"';
        output.Advance(38);
    }

    /// <summary>RFC 3339; null for 0, which stands for unknown.</summary>
    public void Time(long milliseconds)
    {
        if (milliseconds == 0)
        {
            Null();
        }
        else if (Begin())
        {
            var span = output.GetSpan(Timestamp.Length + 2);
            span[0] = (byte)'"';
            Timestamp.Write(milliseconds, span[1..]);
            span[Timestamp.Length + 1] = (byte)'"';
            output.Advance(Timestamp.Length + 2);
        }
    }

    public void Null() => Literal("null"u8);

    public void Property(ReadOnlySpan<byte> name, string? value)
    {
        Name(name);
        Value(value);
    }

    public void Property(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Value(value);
    }

    public void Property(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Value(value);
    }

    public void Property(ReadOnlySpan<byte> name, SessionId value)
    {
        Name(name);
        Value(value);
    }

    public void TimeProperty(ReadOnlySpan<byte> name, long milliseconds)
    {
        Name(name);
        Time(milliseconds);
    }

    private bool IsWanted(ReadOnlySpan<byte> name)
    {
        foreach (var field in _fields!)
        {
            if (name.SequenceEqual(field))
                return true;
        }

        return false;
    }

    private void Open(byte bracket)
    {
        if (_skipping >= 0)
        {
            _depth++;
            return;
        }

        Begin();
        Raw([bracket]);
        _depth++;
        if (_depth >= Deepest)
            throw new InvalidOperationException($"JSON deeper than {Deepest} levels");
        _filled &= ~(1UL << _depth);
    }

    private void Close(byte bracket)
    {
        if (_skipping >= 0)
        {
            if (--_depth == _skipping)
                _skipping = -1;
            return;
        }

        var filled = (_filled & (1UL << _depth)) != 0;
        _depth--;
        if (filled)
            output.Advance(NewLine(output.GetSpan(LongestSeparator)));
        Raw([bracket]);
        if (_depth == 0)
            Raw("\n"u8);
    }

    private void Literal(ReadOnlySpan<byte> literal)
    {
        if (Begin())
            Raw(literal);
    }

    /// <summary>False where this value belongs to a property that was left out.</summary>
    private bool Begin()
    {
        if (_skipping >= 0)
        {
            if (_depth == _skipping)
                _skipping = -1;
            return false;
        }

        if (_named)
            _named = false;
        else if (_depth > 0)
            Separate();
        return true;
    }

    private void Separate() => output.Advance(Separate(output.GetSpan(LongestSeparator)));

    /// <summary>A comma, unless the container was empty, and a new line. Returns its length.</summary>
    private int Separate(Span<byte> span)
    {
        var bit = 1UL << _depth;
        var at = 0;
        if ((_filled & bit) != 0)
            span[at++] = (byte)',';
        _filled |= bit;
        return at + NewLine(span[at..]);
    }

    private int NewLine(Span<byte> span)
    {
        var length = (2 * _depth) + 1;
        LineAndIndent[..length].CopyTo(span);
        return length;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
