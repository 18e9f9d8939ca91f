using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Sesh.Agents;

/// <summary>
/// Reading values out of one line by <see cref="Utf8JsonReader"/>, forgiving where transcripts need it: bad UTF-8, lone surrogates (JavaScript cuts strings in
/// the middle of a pair), numbers of any size, values of another type than expected. Each reads the value the reader stands on.
/// </summary>
internal static class LineJson
{
    /// <summary>The last millisecond of the year 9999, the end of .NET's calendar.</summary>
    private const long LastTime = 253402300799999;

    /// <summary>Deeper lines are strange ones: nothing an agent means lies that deep.</summary>
    public static Utf8JsonReader Reader(ReadOnlySpan<byte> line) => new(line, new JsonReaderOptions { MaxDepth = 512, CommentHandling = JsonCommentHandling.Disallow });

    /// <summary>Moves to the next property's name; false at the end of the object.</summary>
    public static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>A string's text, at most <paramref name="longest"/> characters; empty for anything but a string.</summary>
    public static string Text(ref Utf8JsonReader reader, int longest)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return "";
        }

        // A UTF-16 unit takes at most three bytes of UTF-8, an escape at most six: no more than that is ever looked at.
        var bytes = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            var text = Encoding.UTF8.GetString(Cut(bytes, longest * 3L));
            return text.Length <= longest ? text : text[..WholePairs(text, longest)];
        }

        bytes = Cut(bytes, longest * 6L);
        var units = ArrayPool<char>.Shared.Rent(bytes.Length);
        var unescaped = units.AsSpan(0, Unescape(bytes, units));
        MendSurrogates(unescaped);
        var result = new string(unescaped.Length <= longest ? unescaped : unescaped[..WholePairs(unescaped, longest)]);
        ArrayPool<char>.Shared.Return(units);
        return result;
    }

    public static bool Bool(ref Utf8JsonReader reader)
    {
        var value = reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return value;
    }

    /// <summary>A count: a number of zero or more that fits; null for anything else.</summary>
    public static long? Count(ref Utf8JsonReader reader)
    {
        long? count = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= 0 ? value : null;
        reader.Skip();
        return count;
    }

    /// <summary>Milliseconds since 1970 UTC from ISO 8601 text or from a number of milliseconds; 0 for anything else.</summary>
    public static long Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            // TryGetDateTimeOffset unescapes, which fails on what JavaScript may write; no time is written with escapes.
            return !reader.ValueIsEscaped && reader.TryGetDateTimeOffset(out var time) ? Math.Max(0, time.ToUnixTimeMilliseconds()) : 0;
        }

        return Math.Min(Count(ref reader) ?? 0, LastTime);
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, long longest) => bytes.Length > longest ? bytes[..(int)longest] : bytes;

    private static int WholePairs(ReadOnlySpan<char> text, int length) => length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static int Unescape(ReadOnlySpan<byte> bytes, Span<char> into)
    {
        var written = 0;
        while (!bytes.IsEmpty)
        {
            var plain = bytes.IndexOf((byte)'\\');
            if (plain != 0)
            {
                var run = plain < 0 ? bytes : bytes[..plain];
                written += Encoding.UTF8.GetChars(run, into[written..]);
                bytes = bytes[run.Length..];
                continue;
            }

            if (bytes.Length < 2)
            {
                break;
            }

            var (letter, taken) = Escape(bytes);
            into[written++] = letter;
            bytes = bytes[taken..];
        }

        return written;
    }

    private static (char Letter, int Taken) Escape(ReadOnlySpan<byte> bytes) => bytes[1] switch
    {
        (byte)'n' => ('\n', 2),
        (byte)'t' => ('\t', 2),
        (byte)'r' => ('\r', 2),
        (byte)'b' => ('\b', 2),
        (byte)'f' => ('\f', 2),
        (byte)'u' when bytes.Length >= 6 && Utf8Parser.TryParse(bytes[2..6], out uint unit, out var used, 'X') && used == 4 => ((char)unit, 6),
        (byte)'u' => ('\uFFFD', Math.Min(6, bytes.Length)),
        var other => ((char)other, 2),
    };

    private static void MendSurrogates(Span<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }
    }
}
