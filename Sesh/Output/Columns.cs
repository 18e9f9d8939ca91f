using System.Globalization;

namespace Sesh.Output;

/// <summary>How many columns of a terminal a text takes, counted by what a reader sees as characters.</summary>
internal static class Columns
{
    public static int Of(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange(' ', '~') < 0)
            return text.Length;
        var width = 0;
        while (!text.IsEmpty)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            width += OfElement(text[..length]);
            text = text[length..];
        }

        return width;
    }

    /// <summary>The text cut to a width, its end marked by <c>…</c>; never through a character.</summary>
    public static string Fit(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        if (width <= 0)
            return "";
        var used = 0;
        var end = 0;
        while (end < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text.AsSpan(end));
            var columns = OfElement(text.AsSpan(end, length));
            if (used + columns > width - 1)
                break;
            used += columns;
            end += length;
        }

        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static int OfElement(ReadOnlySpan<char> element)
    {
        var width = 0;
        var regional = 0;
        foreach (var rune in element.EnumerateRunes())
        {
            // Emoji presentation and a pair of regional indicators (a flag) are two columns, whatever their first rune is.
            if (rune.Value == 0xFE0F)
                width = Math.Max(width, 2);
            else if (rune.Value is >= 0x1F1E6 and <= 0x1F1FF)
                width = ++regional == 2 ? 2 : Math.Max(width, 1);
            else
                width = Math.Max(width, Wcwidth.UnicodeCalculator.GetWidth(rune));
        }

        return width;
    }
}
