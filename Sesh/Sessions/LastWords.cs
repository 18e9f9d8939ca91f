namespace Sesh.Sessions;

/// <summary>What a dead pane last said, as one line.</summary>
internal static class LastWords
{
    // An error, with a tip, a usage and where to read more below it.
    private const int Lines = 6;
    private const int Longest = 600;

    public static string Of(string screen)
    {
        var said = new List<string>();
        foreach (var line in screen.Split('\n'))
        {
            var text = line.Trim();
            // tmux's own epitaph: "Pane is dead (status 1, Sat Nov 22 21:48:00 2026)".
            if (text.Length > 0 && !text.StartsWith("Pane is dead", StringComparison.Ordinal))
                said.Add(text);
        }

        var words = string.Join(" · ", said.TakeLast(Lines));
        return words.Length <= Longest ? words : string.Concat("…", words.AsSpan(words.Length - Longest));
    }
}
