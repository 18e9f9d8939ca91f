namespace Sesh.Agents;

/// <summary>
/// Learns a transcript's facts line by line. What it holds after a line is all it needs to go on from there, so an appended transcript is read from where the last
/// reading ended (see <see cref="TranscriptCache"/>).
/// </summary>
internal interface ITranscriptParser
{
    /// <summary>One line without its newline. Never throws: a line it cannot read is a strange line.</summary>
    /// <param name="whole">False for a last line without newline, which may be half written: then nothing is strange about it.</param>
    void Feed(ReadOnlySpan<byte> line, bool whole);

    /// <summary>A line nobody may read, because it is too long.</summary>
    void PassOver(long lines);

    TranscriptFacts Facts();

    /// <summary>Everything it holds; false where that is not worth keeping.</summary>
    bool Save(BinaryWriter into);

    /// <summary>Takes what <see cref="Save"/> wrote, in a new parser.</summary>
    void Load(BinaryReader from);
}
