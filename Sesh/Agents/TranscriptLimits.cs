namespace Sesh.Agents;

/// <summary>How much text is kept of what a transcript says, in UTF-16 units. Lines themselves may be far longer.</summary>
internal static class TranscriptLimits
{
    public const int Word = 512;
    public const int Title = 400;
    public const int Prompt = 4096;
    public const int Path = 8192;

    /// <summary>A tool call in brief.</summary>
    public const int Tool = 240;

    /// <summary>Of a text, where only facts are learnt: a pass over all transcripts needs no whole answers.</summary>
    public const int Kept = 1 << 20;

    /// <summary>A whole answer, and one entry for reading. What is longer is cut, and said to be.</summary>
    public const int Reply = 64 << 20;

    /// <summary>What is read of a text that may be as long as <see cref="Reply"/>: a pair of surrogates more, so that what was cut shows.</summary>
    public const int Whole = Reply + 2;

    /// <summary>A line, in bytes, that a whole answer fits into, escapes and all that stands around it included.</summary>
    public const int WholeLine = 200 << 20;

    /// <summary>At most <paramref name="longest"/> units of it, and no half pair of surrogates.</summary>
    public static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int longest)
    {
        if (text.Length <= longest)
            return text;
        return longest > 0 && char.IsHighSurrogate(text[longest - 1]) ? text[..(longest - 1)] : text[..longest];
    }
}
