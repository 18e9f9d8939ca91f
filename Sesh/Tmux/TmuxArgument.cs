namespace Sesh.Tmux;

/// <summary>Text on its way into a tmux command line.</summary>
internal static class TmuxArgument
{
    /// <summary>
    /// For arguments that tmux expands as a format (<c>-c</c>, <c>-n</c>, <c>-s</c>, <c>-T</c>): <c>#</c> doubled, so that a folder named
    /// <c>#(reboot)</c> stays a folder.
    /// </summary>
    public static string Literal(string text) => text.Replace("#", "##", StringComparison.Ordinal);

    /// <summary>tmux takes a trailing <c>;</c> of any argument for the end of the command, unless a backslash stands before it.</summary>
    public static string Whole(string text) => text.EndsWith(';') ? text[..^1] + "\\;" : text;

    /// <summary>A window or session name: no control characters, which tmux would show as octal; bounded.</summary>
    public static string Name(string text)
    {
        const int Longest = 60;
        Span<char> kept = stackalloc char[Longest];
        var length = 0;
        foreach (var c in text)
        {
            if (length == Longest)
                break;
            if (!char.IsControl(c))
                kept[length++] = c;
        }

        if (length > 0 && char.IsHighSurrogate(kept[length - 1]))
            length--;
        return kept[..length].Trim().ToString();
    }
}
