using Microsoft.Win32.SafeHandles;

namespace Sesh.Sessions.Reading;

/// <summary>What one look at a followed transcript brought.</summary>
/// <param name="Raw">The new whole lines as bytes, newlines included; a stream valid until the next look.</param>
/// <param name="Note">Something the reader should know: it goes on in another file, it was truncated. Empty for nothing.</param>
internal sealed record FollowedPart(Slice Raw, string Note);

/// <summary>
/// Follows a transcript through appends, truncation, replacement and a change of file (agents go on under a new id after a compaction or <c>/clear</c>). Looks when
/// asked: the caller decides how often. A half line waits for its end.
/// </summary>
/// <param name="locate">The path now; null while there is none.</param>
internal sealed class Following(Func<string?> locate) : IDisposable
{
    /// <summary>Of one look: whoever is far behind gets there in pieces.</summary>
    private const long Portion = 1 << 20;

    private string? _path;
    private string? _mark;
    private SafeFileHandle? _file;
    private Footprint? _read;

    /// <summary>Following begins behind what was shown; without this, at the file's beginning.</summary>
    public void StartBehind(OpenTranscript shown)
    {
        _path = shown.Path;
        _read = shown.Footprint;
    }

    /// <summary>Following begins where another follower was (<see cref="Mark"/>); at the file's beginning where that is another file now.</summary>
    public void StartAt(string mark) => _mark = mark;

    /// <summary>Following begins there in that file.</summary>
    public void StartAt(OpenTranscript shown, Footprint read)
    {
        _path = shown.Path;
        _read = read;
    }

    /// <summary>How far the last look has read; null before it found a file.</summary>
    public string? Mark => _read?.Mark;

    /// <summary>What is new since the last look, or the first of it; null for nothing.</summary>
    public FollowedPart? Look()
    {
        var path = locate();
        if (path is null)
            return null;
        var note = "";
        try
        {
            // Opened at every look: a file that was replaced keeps its path, not its handle.
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _file?.Dispose();
            _file = file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Between the old file's end and the new one's beginning there is none: the next look will find it.
            return null;
        }

        if (_mark is { } mark)
        {
            _mark = null;
            _read = Footprint.Of(_file, mark);
            if (_read is null)
                note = $"is another than before: {path}; from its beginning";
        }
        else if (_path is not null && path != _path)
        {
            note = $"goes on in {path}";
            _read = null;
        }
        else if (_read is not null && !_read.StillIn(_file))
        {
            note = "was rewritten; from its beginning";
            _read = null;
        }

        _path = path;
        var from = _read?.End ?? 0;
        var length = RandomAccess.GetLength(_file);
        // One line that is longer than a portion comes whole all the same.
        var whole = (length - from > Portion ? Lines.EndOfLastWhole(_file, from, from + Portion) : null) ?? Lines.EndOfLastWhole(_file, from, length);
        _read = Footprint.At(_file, whole ?? from);
        return whole is null && note.Length == 0 ? null : new FollowedPart(new Slice(_file, from, whole ?? from), note);
    }

    public void Dispose() => _file?.Dispose();
}
