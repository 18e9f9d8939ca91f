using System.Diagnostics.CodeAnalysis;

namespace Sesh.Sync.Documents;

/// <summary>
/// The name of a machine: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, beginning with a letter or digit. It becomes part of file names,
/// so nothing else is let in. Compared by ordinal, case-sensitively.
/// </summary>
public sealed record MachineName
{
    public const int MaxLength = 64;

    public const string Rule = "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit";

    private MachineName(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MachineName? name)
    {
        name = null;
        if (text is null || text.Length is 0 or > MaxLength || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        }

        name = new MachineName(text);
        return true;
    }

    public static MachineName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"not a machine name ({Rule}): {text}");

    public override string ToString() => Text;
}
