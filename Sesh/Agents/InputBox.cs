namespace Sesh.Agents;

/// <summary>Reading the box that agents draw around what is being typed.</summary>
internal static class InputBox
{
    private const string Rule = "────";

    /// <summary>The lines between the lowest two horizontal rules, what is dim left out; null where there is no such pair.</summary>
    public static IReadOnlyList<string>? BetweenRules(StyledScreen screen)
    {
        var below = LastRule(screen, screen.Lines.Count);
        var above = below < 0 ? -1 : LastRule(screen, below);
        return above < 0 ? null : [.. screen.Lines.Skip(above + 1).Take(below - above - 1).Select(line => line.Firm)];
    }

    /// <summary>As one text, without the first columns of each line.</summary>
    public static string Text(IEnumerable<string> lines, int margin) =>
        string.Join('\n', lines.Select(line => line.Length > margin ? line[margin..].TrimEnd() : "")).Trim();

    /// <summary>A rule may bear a name or a word of what the agent does: <c>── ⠏ Working ──</c>.</summary>
    private static int LastRule(StyledScreen screen, int before)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            var line = screen.Lines[i].Text;
            if (line.StartsWith(Rule, StringComparison.Ordinal) || (line.StartsWith("── ", StringComparison.Ordinal) && line.EndsWith("──", StringComparison.Ordinal)))
                return i;
        }

        return -1;
    }
}
