using System.Text;
using Sesh.Sync;

namespace Sesh.Sessions;

/// <summary>
/// What may be a name, a tag or a key: any text of one line that is not blank and not absurdly long. Control characters other than those that end lines or texts
/// are kept as given and shown visibly; emoji and right-to-left letters are letters.
/// </summary>
internal static class LabelText
{
    public const int MostNameBytes = 1024;

    public const int MostTagBytes = 256;

    public const int MostMetaBytes = 64 * 1024;

    public static string Name(string text)
    {
        Check("name", text, MostNameBytes);
        return text.Trim();
    }

    /// <summary>A comma is refused: lists of tags in TSV are joined by it.</summary>
    public static string Tag(string text)
    {
        Check("tag", text, MostTagBytes);
        return text.Contains(',') ? throw Bad($"a tag cannot contain a comma: {text}", "give several tags as several words") : text.Trim();
    }

    public static string MetaKey(string text)
    {
        Check("key", text, MostTagBytes);
        return text.Contains('=') ? throw Bad($"a key cannot contain '=': {text}") : text.Trim();
    }

    /// <summary>May be empty, and of several lines.</summary>
    public static string MetaValue(string text)
    {
        CheckLength("value", text, MostMetaBytes);
        return text.Contains('\0') ? throw Bad("a value cannot contain NUL") : CheckSound("value", text);
    }

    private static void Check(string what, string text, int most)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Bad($"the {what} is blank");
        CheckLength(what, text, most);
        if (text.AsSpan().IndexOfAny("\0\r\n\u0085\u2028\u2029") >= 0)
            throw Bad($"a {what} is one line, without NUL");
        CheckSound(what, text);
    }

    private static void CheckLength(string what, string text, int most)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > most)
            throw Bad($"the {what} is {bytes} bytes long; {most} are the most");
    }

    /// <summary>Bytes that are no UTF-8 arrive as U+FFFD or as lone surrogates; the latter no file of ours can hold.</summary>
    private static string CheckSound(string what, string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                throw Bad($"the {what} is no UTF-8");
        }

        return text;
    }

    private static SeshException Bad(string message, string? hint = null) => new("usage", message, hint, exitCode: 2);
}
