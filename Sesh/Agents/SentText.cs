using System.Text;

namespace Sesh.Agents;

/// <summary>
/// A message on its way into a transcript. Agents trim it, put spaces for tabs, wrap what was pasted in a tag: so all but blanks is compared.
/// </summary>
internal sealed class SentText(string message)
{
    private readonly string _bare = Bare(message);

    /// <summary>A command of the agent's own: what it writes down is then whatever the command makes of it.</summary>
    public bool IsCommand { get; } = message.StartsWith('/');

    /// <summary>Is this, as a transcript has it, the message? Of a very long one the transcript's readers keep the beginning.</summary>
    public bool Is(string recorded)
    {
        var bare = Bare(recorded);
        return bare.Length > 0 && (bare == _bare || (recorded.Length >= TranscriptLimits.Reply && _bare.StartsWith(bare, StringComparison.Ordinal)));
    }

    private static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '<' && TagEnd(text, i) is > 0 and var end)
                i = end;
            else if (!char.IsWhiteSpace(text[i]) && !char.IsControl(text[i]))
                bare.Append(text[i]);
        }

        return bare.ToString();
    }

    /// <summary>Where Claude's wrapping tag ends, 0 for any other text.</summary>
    private static int TagEnd(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (!rest.StartsWith("<pasted_content id=", StringComparison.Ordinal) && !rest.StartsWith("</pasted_content", StringComparison.Ordinal))
            return 0;
        var end = rest.IndexOf('>');
        return end is > 0 and < 80 ? at + end : 0;
    }
}
