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

    /// <summary>A whole answer, and one entry for reading.</summary>
    public const int Reply = 1 << 20;
}
