using System.Globalization;
using System.Text;

namespace Sesh.Output;

/// <summary>
/// Makes control characters in stored text visible, so that no name, path or transcript can drive the terminal or reorder a line: C0 as their pictures
/// (<c>␛</c>), the rest by number (<c>&lt;U+202E&gt;</c>).
/// </summary>
internal static class Visible
{
    /// <summary>For one line: line ends and tabs are shown as well.</summary>
    public static string Line(string text)
    {
        var first = First(text, keepLines: false);
        return first < 0 ? text : Rewrite(text, first, keepLines: false);
    }

    /// <summary>For running text: line ends and tabs stay.</summary>
    public static string Text(string text)
    {
        var first = First(text, keepLines: true);
        return first < 0 ? text : Rewrite(text, first, keepLines: true);
    }

    /// <summary>C0, DEL, C1, line separators and everything that changes the direction of what follows; and lone surrogates, which are no text.</summary>
    public static bool IsControl(char c) => c switch
    {
        < ' ' => true,
        < '\x7f' => false,
        <= '\x9f' => true,
        '\u061c' or '\u200e' or '\u200f' => true,
        >= '\u2028' and <= '\u202e' => true,
        >= '\u2066' and <= '\u2069' => true,
        _ => false,
    };

    private static int First(string text, bool keepLines)
    {
        // Nearly every text is plain, and this test of it is vectorised.
        var start = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (start < 0)
            return -1;
        for (var i = start; i < text.Length; i++)
        {
            if (Shows(text, i, keepLines))
                return i;
        }

        return -1;
    }

    private static bool Shows(string text, int i, bool keepLines) =>
        char.IsSurrogate(text[i]) ? IsLone(text, i) : IsControl(text[i]) && !(keepLines && (text[i] is '\n' or '\t'));

    private static bool IsLone(string text, int i) => char.IsHighSurrogate(text[i])
        ? i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1])
        : i == 0 || !char.IsHighSurrogate(text[i - 1]);

    private static string Rewrite(string text, int first, bool keepLines)
    {
        var result = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (!Shows(text, i, keepLines))
                result.Append(c);
            else if (c < ' ')
                result.Append((char)('\u2400' + c));
            else if (c == '\x7f')
                result.Append('\u2421');
            else
                result.Append(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>");
        }

        return result.ToString();
    }
}
