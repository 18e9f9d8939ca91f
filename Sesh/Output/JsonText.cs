using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Sesh.Output;

/// <summary>A JSON string: quotes and escapes.</summary>
internal static class JsonText
{
    public static void Write(ResultBuffer output, ReadOnlySpan<char> text)
    {
        // Nearly every text is short and plain ASCII: written at once.
        if (text.Length <= 4096)
        {
            var span = output.GetSpan(text.Length + 2);
            if (TryPlain(text, span[1..]))
            {
                span[0] = (byte)'"';
                span[text.Length + 1] = (byte)'"';
                output.Advance(text.Length + 2);
                return;
            }
        }

        Byte(output, (byte)'"');
        while (!text.IsEmpty)
        {
            var piece = text.Length <= 4096 ? text : text[..4096];
            var plain = piece.IndexOfAnyExceptInRange(' ', '~');
            if (plain < 0)
                plain = piece.Length;
            var special = piece[..plain].IndexOfAny('"', '\\');
            if (special >= 0)
                plain = special;
            if (plain > 0)
            {
                output.Advance(Encoding.UTF8.GetBytes(piece[..plain], output.GetSpan(plain)));
                text = text[plain..];
                continue;
            }

            _ = Rune.DecodeFromUtf16(text, out var rune, out var consumed);
            Write(output, rune);
            text = text[consumed..];
        }

        Byte(output, (byte)'"');
    }

    /// <summary>Copies the text if nothing in it needs an escape or more than a byte.</summary>
    private static bool TryPlain(ReadOnlySpan<char> text, Span<byte> to)
    {
        var units = MemoryMarshal.Cast<char, ushort>(text);
        for (; units.Length >= Vector128<byte>.Count; units = units[Vector128<byte>.Count..], to = to[Vector128<byte>.Count..])
        {
            // What is above a byte becomes its greatest value, which is not plain either.
            var bytes = Vector128.NarrowWithSaturation(Vector128.Create(units), Vector128.Create(units[Vector128<ushort>.Count..]));
            var special = Vector128.LessThan(bytes, Vector128.Create((byte)' ')) | Vector128.GreaterThan(bytes, Vector128.Create((byte)'~'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            if (special != Vector128<byte>.Zero)
                return false;
            bytes.CopyTo(to);
        }

        for (var i = 0; i < units.Length; i++)
        {
            if (units[i] is < ' ' or > '~' or '"' or '\\')
                return false;
            to[i] = (byte)units[i];
        }

        return true;
    }

    private static void Write(ResultBuffer output, Rune rune)
    {
        if (rune.Value is '"' or '\\')
        {
            Byte(output, (byte)'\\');
            Byte(output, (byte)rune.Value);
        }
        else if (rune.IsBmp && Visible.IsControl((char)rune.Value))
        {
            Escape(output, rune.Value);
        }
        else
        {
            output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
        }
    }

    private static void Escape(ResultBuffer output, int value)
    {
        var letter = value switch { '\b' => 'b', '\t' => 't', '\n' => 'n', '\f' => 'f', '\r' => 'r', _ => '\0' };
        Byte(output, (byte)'\\');
        if (letter != '\0')
        {
            Byte(output, (byte)letter);
            return;
        }

        var span = output.GetSpan(5);
        span[0] = (byte)'u';
        for (var i = 0; i < 4; i++)
            span[i + 1] = "0123456789abcdef"u8[(value >> (12 - (4 * i))) & 15];
        output.Advance(5);
    }

    private static void Byte(ResultBuffer output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
