using System.Globalization;
using System.Text;
using Sesh.Agents;

namespace Sesh.Sessions;

/// <summary>A name for a session nobody has named: the agent's title, else the first prompt; one bounded line.</summary>
internal static class ProposedName
{
    /// <summary>In text elements, what a reader sees as characters.</summary>
    public const int MaxLength = 72;

    public static string Of(TranscriptFacts facts)
    {
        var title = OneLine(facts.Title);
        return title.Length > 0 ? title : OneLine(facts.FirstPrompt);
    }

    /// <summary>Runs of white space and of characters that print nothing become one space; cut with <c>…</c> at a whole text element.</summary>
    public static string OneLine(string text, int maxLength = MaxLength)
    {
        var line = new StringBuilder(Math.Min(text.Length, 4 * maxLength));
        var elements = 0;
        var gap = false;
        var walk = StringInfo.GetTextElementEnumerator(text.Length > 4096 ? text[..4096] : text);
        while (walk.MoveNext())
        {
            var element = walk.GetTextElement();
            if (IsBlank(element))
            {
                gap = line.Length > 0;
                continue;
            }

            if (elements + (gap ? 1 : 0) >= maxLength)
                return line.Append('…').ToString();
            if (gap)
            {
                line.Append(' ');
                elements++;
            }

            line.Append(element);
            elements++;
            gap = false;
        }

        return line.ToString();
    }

    private static bool IsBlank(string element)
    {
        foreach (var rune in element.EnumerateRunes())
        {
            // A lone surrogate reads as U+FFFD, which no title means.
            if (rune.Value == 0xFFFD)
                continue;
            var category = Rune.GetUnicodeCategory(rune);
            var joins = rune.Value is 0x200D or 0xFE0F;
            if (!joins && !Rune.IsWhiteSpace(rune) && category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
                return false;
        }

        return true;
    }
}
