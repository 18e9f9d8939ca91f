using Sesh.Agents;

namespace Sesh.Sessions.Driving;

/// <summary>Gets one line without its newline; the span holds until it returns.</summary>
internal delegate void LineTaker(ReadOnlySpan<byte> line);

/// <summary>What is written to a session's transcript from one moment on. The file may not be there yet, and may be another one later: the agent's id can change.</summary>
/// <param name="locate">The transcript as it is now; null while there is none.</param>
internal sealed class TranscriptTail(Func<TranscriptFile?> locate)
{
    private string _path = "";
    private long _offset;

    /// <summary>Everything that is there now is passed over.</summary>
    public void Mark()
    {
        var file = locate();
        (_path, _offset) = (file?.Path ?? "", file?.Size ?? 0);
    }

    /// <summary>Feeds the whole lines that are new since the last time; false where there were none.</summary>
    public bool Read(ITurnReader turn) => Read(turn.Feed);

    public bool Read(LineTaker take)
    {
        if (locate() is not { } file)
            return false;
        if (file.Path != _path || file.Size < _offset)
            (_path, _offset) = (file.Path, 0);
        if (file.Size == _offset)
            return false;
        try
        {
            using var stream = TranscriptStream.Open(_path);
            stream.Seek(_offset, SeekOrigin.Begin);
            var lines = new TranscriptLines(stream, TranscriptLimits.WholeLine);
            while (lines.Next(out var line, out var whole) && whole)
                take(line);
            _offset += lines.Consumed;
            return lines.Consumed > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Replaced or removed while we looked: the next look tells.
            return false;
        }
    }
}
