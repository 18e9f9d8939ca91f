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
    private readonly byte[][]? _fields = fields?.Select(Encoding.UTF8.GetBytes).ToArray();

    // One bit a level: is something already in this container? Deeper than we ever write.
    private ulong _filled;
    private int _depth;
    private int _objects;

    // The depth at which a property that was not asked for began; what is written deeper goes nowhere.
    private int _skipping = -1;
    private bool _named;

    public void StartObject()
    {
        Open((byte)'{');
        _objects++;
    }

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

        Separate();
        var span = output.GetSpan(name.Length + 4);
        span[0] = (byte)'"';
        name.CopyTo(span[1..]);
        "\": "u8.CopyTo(span[(name.Length + 1)..]);
        output.Advance(name.Length + 4);
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
        _ = uuid.ToGuid().TryFormat(span[1..], out _);
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
        if (_depth >= 64)
            throw new InvalidOperationException("JSON deeper than 64 levels");
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
            NewLine();
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

    /// <summary>A comma, unless the container was empty, and a new line.</summary>
    private void Separate()
    {
        var bit = 1UL << _depth;
        if ((_filled & bit) != 0)
        {
            output.GetSpan(1)[0] = (byte)',';
            output.Advance(1);
        }

        _filled |= bit;
        NewLine();
    }

    private void NewLine()
    {
        var length = (2 * _depth) + 1;
        var span = output.GetSpan(length);
        span[0] = (byte)'\n';
        for (var i = 1; i < length; i++)
            span[i] = (byte)' ';
        output.Advance(length);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
