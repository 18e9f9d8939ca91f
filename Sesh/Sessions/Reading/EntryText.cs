using System.Globalization;
using System.Text;
using Sesh.Agents;

namespace Sesh.Sessions.Reading;

/// <summary>Entries as people read them. What comes out may hold control characters: Output makes them visible.</summary>
internal static class EntryText
{
    /// <summary>Of a tool's call or result: enough to know it by.</summary>
    private const int Brief = 160;

    public static string RoleName(EntryRole role) => role switch
    {
        EntryRole.User => "user",
        EntryRole.Assistant => "assistant",
        EntryRole.Tool => "tool",
        _ => "system",
    };

    /// <summary><c>role: text</c>; further lines indented by two. A tool's is one short line.</summary>
    public static string Plain(TranscriptEntry entry)
    {
        if (entry.Role == EntryRole.Tool || entry.Tool.Length > 0)
            return $"{(entry.Role == EntryRole.Tool ? "tool" : RoleName(entry.Role))} {entry.Tool}: {OneLine(entry.Text)}";
        var text = entry.Text.Trim('\r', '\n').ReplaceLineEndings("\n");
        return $"{RoleName(entry.Role)}: {text.Replace("\n", "\n  ", StringComparison.Ordinal)}";
    }

    /// <summary>A heading an entry; a tool's call or result as a quoted line.</summary>
    public static string Markdown(TranscriptEntry entry)
    {
        if (entry.Role == EntryRole.Tool || entry.Tool.Length > 0)
            return $"> **{entry.Tool}** {Code(OneLine(entry.Text))}\n";
        var title = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(RoleName(entry.Role));
        var at = entry.At > 0 ? $" · {DateTimeOffset.FromUnixTimeMilliseconds(entry.At):yyyy-MM-dd HH:mm:ss}Z" : "";
        return $"## {title}{at}\n\n{entry.Text.Trim('\r', '\n')}\n";
    }

    private static string Code(string text)
    {
        // A code span's fence is longer than any run of back-ticks in it.
        int longest = 0, run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return text.Length == 0 ? "" : longest == 0 ? $"{fence}{text}{fence}" : $"{fence} {text} {fence}";
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Brief + 1));
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, 16 * Brief)).Trim().EnumerateRunes())
        {
            if (line.Length >= Brief)
                return line.Append('…').ToString();
            if (!Rune.IsWhiteSpace(rune))
                line.Append(rune.ToString());
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString();
    }
}
