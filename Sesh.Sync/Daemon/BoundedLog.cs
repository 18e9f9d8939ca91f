using System.Globalization;
using System.Text;

namespace Sesh.Sync.Daemon;

/// <summary>A log file that stays small: when it has grown to its bound it becomes the old one, of which there is one. For one process at a time; from any thread.</summary>
public sealed class BoundedLog : IDisposable
{
    private const int LongestLine = 2000;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly long _bound;
    private readonly TimeProvider _time;
    private FileStream? _file;

    /// <param name="path">Absolute; the old one is beside it, with <c>.1</c> behind its name. The folder must be there.</param>
    /// <param name="bound">In bytes.</param>
    public BoundedLog(string path, TimeProvider time, long bound = 1 << 20) => (_path, _time, _bound) = (path, time, bound);

    /// <summary>One line, with the time before it. A log that cannot be written stops nothing.</summary>
    public void Write(string text)
    {
        var line = Encoding.UTF8.GetBytes(Line(text));
        lock (_lock)
        {
            try
            {
                _file ??= Open();
                if (_file.Length > 0 && _file.Length + line.Length > _bound)
                {
                    _file.Dispose();
                    _file = null;
                    File.Move(_path, _path + ".1", overwrite: true);
                    _file = Open();
                }

                _file.Write(line);
                _file.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk, a home taken away: the next line tries again.
                _file?.Dispose();
                _file = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private FileStream Open() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private string Line(string text)
    {
        var line = new StringBuilder(_time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestLine)))
            line.Append(char.IsControl(c) ? ' ' : c);
        return line.Append('\n').ToString();
    }
}
