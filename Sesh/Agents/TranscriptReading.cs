namespace Sesh.Agents;

/// <summary>Turns one line into readable entries, none for most. Throws what <see cref="System.Text.Json.Utf8JsonReader"/> throws for a line that is no JSON.</summary>
internal delegate void EntryReader(ReadOnlySpan<byte> line, List<TranscriptEntry> into);

/// <summary>The one pass over a transcript that the agents share.</summary>
internal static class TranscriptReading
{
    public static TranscriptFacts Read(Stream transcript, ITranscriptParser parser)
    {
        Feed(transcript, parser, atHalfLine: null);
        return parser.Facts();
    }

    /// <summary>Feeds every line. Before a half line is fed, <paramref name="atHalfLine"/> is called with the bytes consumed so far: what the parser holds then can be gone on from.</summary>
    /// <returns>Bytes consumed with whole lines.</returns>
    public static long Feed(Stream transcript, ITranscriptParser parser, Action<long>? atHalfLine)
    {
        var lines = new TranscriptLines(transcript);
        while (lines.Next(out var line, out var whole))
        {
            if (!whole)
            {
                parser.PassOver(lines.TooLong);
                atHalfLine?.Invoke(lines.Consumed);
                parser.Feed(line, whole: false);
                return lines.Consumed;
            }

            parser.Feed(line, whole: true);
        }

        parser.PassOver(lines.TooLong);
        atHalfLine?.Invoke(lines.Consumed);
        return lines.Consumed;
    }

    public static IEnumerable<TranscriptEntry> Entries(Stream transcript, EntryReader read)
    {
        var lines = new TranscriptLines(transcript, TranscriptLimits.WholeLine);
        var found = new List<TranscriptEntry>();
        var passedOver = 0L;
        while (NextInto(lines, read, found))
        {
            for (; passedOver < lines.TooLong; passedOver++)
            {
                yield return TooLong;
            }

            foreach (var entry in found)
            {
                yield return entry;
            }
        }

        for (; passedOver < lines.TooLong; passedOver++)
        {
            yield return TooLong;
        }
    }

    private static TranscriptEntry TooLong { get; } = new(EntryRole.System, "a line too long to be shown stands here: --raw has it", "", 0);

    private static bool NextInto(TranscriptLines lines, EntryReader read, List<TranscriptEntry> found)
    {
        found.Clear();
        if (!lines.Next(out var line, out _))
        {
            return false;
        }

        try
        {
            read(line, found);
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            // A strange or half line: reading goes on with the next one.
            found.Clear();
        }

        return true;
    }

    /// <summary>What the JSON reader throws for a line that is not JSON: also InvalidOperationException, for a name with a broken escape in it.</summary>
    public static bool IsUnreadable(Exception failure) => failure is System.Text.Json.JsonException or InvalidOperationException;
}
