using System.Globalization;
using System.Text;

namespace Sesh.Sessions.Mesh;

/// <summary>
/// What peers asked and what was refused them, by any process that serves one: <c>serve.log</c>. It stays small: when it has grown to its bound it becomes the old one. Opened for
/// each line, since several processes write it.
/// </summary>
internal sealed class ServeLog(string home, TimeProvider time)
{
    private const long Bound = 1 << 20;
    private const int LongestLine = 1000;

    public void Line(string text)
    {
        var path = Path.Join(home, "serve.log");
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > Bound })
                File.Move(path, path + ".old", overwrite: true);
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            file.Write(Encoding.UTF8.GetBytes(Said(text)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, a home taken away: nobody is refused anything for that.
        }
    }

    private string Said(string text)
    {
        var line = new StringBuilder(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestLine)))
            line.Append(char.IsControl(c) ? ' ' : c);
        return line.Append('\n').ToString();
    }
}
