using System.Text;

namespace Sesh.Sync.Wire;

/// <summary>Text from another machine, made fit for messages and logs: control characters shown instead of sent to a terminal, and not without end.</summary>
internal static class Visible
{
    private const char Picture = '\u2400';

    public static string Of(string text, int most = Limits.Text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, most));
        foreach (var c in text)
        {
            if (shown.Length >= most)
                return shown.Append('…').ToString();
            shown.Append(c switch
            {
                < ' ' => (char)(Picture + c),
                '\u007F' => '\u2421',
                >= '\u0080' and < '\u00A0' => '\uFFFD',
                // What turns the direction of writing could make a message say something else.
                '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => '\uFFFD',
                _ => c,
            });
        }

        return shown.ToString();
    }

    public static string Of(ReadOnlySpan<byte> bytes, int most = Limits.Text) => Of(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * most)]), most);
}
