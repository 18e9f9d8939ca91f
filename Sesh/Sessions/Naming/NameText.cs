using System.Text.RegularExpressions;

namespace Sesh.Sessions.Naming;

/// <summary>Makes a name of what a model answered: models add quotes, headings and explanations to what they were asked for alone.</summary>
internal static partial class NameText
{
    /// <summary>In text elements.</summary>
    public const int MaxLength = 60;

    private const string Quotes = "\"'“”„‘’‚«»‹›";

    /// <summary>One bounded line without quotes, Markdown and control characters; empty where nothing is left.</summary>
    public static string Clean(string answer)
    {
        foreach (var line in Thoughts().Replace(Controls().Replace(answer, ""), "").ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                continue;
            var name = Bare(ProposedName.OneLine(line, 4 * MaxLength));
            if (name.Length > 0)
                return ProposedName.OneLine(name, MaxLength);
        }

        return "";
    }

    private static string Bare(string line)
    {
        line = line.Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
        var before = "";
        while (line != before)
        {
            before = line;
            line = Label().Replace(Marker().Replace(line, ""), "").Trim();
            line = Emphasis().Replace(line, "$2").Trim(Quotes.ToCharArray()).Trim();
        }

        return line.EndsWith('.') && !line.EndsWith("..", StringComparison.Ordinal) ? line[..^1].TrimEnd() : line;
    }

    /// <summary>What a terminal would obey.</summary>
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.?", RegexOptions.Singleline)]
    private static partial Regex Controls();

    [GeneratedRegex(@"<think(ing)?>.*?</think(ing)?>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Thoughts();

    /// <summary>Of a heading, a list, a quotation.</summary>
    [GeneratedRegex(@"^(#{1,6}|[-*>+]|\d+[.)])\s+")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^(the\s+)?(session\s+|conversation\s+)?(name|title)\s*:\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    [GeneratedRegex(@"^(\*{1,3}|_{1,3})(.+)\1$")]
    private static partial Regex Emphasis();
}
