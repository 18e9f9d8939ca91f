namespace Sesh.Agents;

/// <summary>What all three agents' screens and titles have in common.</summary>
internal static class ScreenText
{
    /// <summary>A spinner that agents put first in a title: Braille, or a half circle.</summary>
    public static bool Spins(ReadOnlySpan<char> text) => text.Length > 0 && text[0] is (>= '\u2801' and <= '\u28FF') or (>= '\u25D0' and <= '\u25D3');

    /// <summary>The lines of a screen from the last one up, blank ones left out.</summary>
    public static IReadOnlyList<string> FromBelow(string screen)
    {
        var lines = screen.Split('\n');
        var found = new List<string>(lines.Length);
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
            {
                found.Add(lines[i].TrimEnd());
            }
        }

        return found;
    }

    /// <summary>The first of these texts that stands in the lowest lines, as the whole line it stands in; null for none.</summary>
    public static string? Line(IReadOnlyList<string> fromBelow, int lowest, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            for (var i = 0; i < Math.Min(lowest, fromBelow.Count); i++)
            {
                if (fromBelow[i].Contains(text, StringComparison.OrdinalIgnoreCase))
                {
                    return fromBelow[i].Trim();
                }
            }
        }

        return null;
    }
}
