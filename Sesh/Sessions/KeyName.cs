using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Sesh.Sync;

namespace Sesh.Sessions;

/// <summary>
/// tmux's key names (tmux(1), KEY BINDINGS). Checked here because tmux types what it does not know as text: <c>Entre</c> would land in the agent's prompt, letter by
/// letter.
/// </summary>
internal static class KeyName
{
    private static FrozenSet<string> Named { get; } = FrozenSet.ToFrozenSet(
        [
            "Enter", "Escape", "Space", "Tab", "BTab", "BSpace", "Up", "Down", "Left", "Right", "Home", "End", "IC", "Insert", "DC", "Delete",
            "NPage", "PageDown", "PgDn", "PPage", "PageUp", "PgUp", "KPEnter", "KP0", "KP1", "KP2", "KP3", "KP4", "KP5", "KP6", "KP7", "KP8", "KP9",
            "KP/", "KP*", "KP-", "KP+", "KP.",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static void Check(string key)
    {
        if (!IsKey(key))
        {
            throw new SeshException(
                "bad-key",
                $"not a key: {key}",
                key.Length > 1 && !key.Any(char.IsControl) ? "give one key each, by tmux's names: Enter, Escape, Up, C-c, M-x, F1, y" : "see tmux(1), KEY BINDINGS",
                exitCode: 2);
        }
    }

    public static bool IsKey(string key)
    {
        var rest = key.AsSpan();
        while (rest.Length > 2 && rest[1] == '-' && rest[0] is 'C' or 'M' or 'S' or 'c' or 'm' or 's')
            rest = rest[2..];
        // C-x in the old spelling.
        if (rest is ['^', _])
            rest = rest[1..];
        return IsOneCharacter(rest)
            || Named.GetAlternateLookup<ReadOnlySpan<char>>().Contains(rest)
            || (rest is ['F' or 'f', ..] && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 12);
    }

    private static bool IsOneCharacter(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done && length == text.Length && !Rune.IsControl(rune);
}
