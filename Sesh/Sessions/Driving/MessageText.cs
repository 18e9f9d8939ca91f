using System.Text;
using Sesh.Sync;

namespace Sesh.Sessions.Driving;

/// <summary>What may be said to an agent: text of any length, without the control characters that would be keys to its terminal.</summary>
internal static class MessageText
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="SeshException">Blank, or with a control character other than newline and tab.</exception>
    public static string Check(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (string.IsNullOrWhiteSpace(text))
            throw new SeshException("empty-message", "message is empty", "an unset shell variable?", exitCode: 2);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\t'))
            {
                throw new SeshException(
                    "control-character", $"the message has a control character, U+{(int)text[i]:X4}, at position {i + 1}", "take it out: to the agent's terminal it would be a key", exitCode: 2);
            }
        }

        return text;
    }

    /// <summary>As read from a file or from standard input.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw new SeshException("not-text", "the message is not UTF-8 text", exitCode: 2);
        }
    }
}
