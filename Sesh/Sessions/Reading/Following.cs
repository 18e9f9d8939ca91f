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
    private string? _path;
    private SafeFileHandle? _file;
    private Footprint? _read;

    /// <summary>Following begins behind what was shown; without this, at the file's beginning.</summary>
    public void StartBehind(OpenTranscript shown)
    {
        _path = shown.Path;
        _read = shown.Footprint;
    }

    /// <summary>What is new since the last look; null for nothing.</summary>
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

        if (_path is not null && path != _path)
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
        var whole = Lines.EndOfLastWhole(_file, from, RandomAccess.GetLength(_file));
        _read = Footprint.At(_file, whole ?? from);
        return whole is null && note.Length == 0 ? null : new FollowedPart(new Slice(_file, from, whole ?? from), note);
    }

    public void Dispose() => _file?.Dispose();
}
