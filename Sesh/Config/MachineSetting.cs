using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Config;

/// <summary>Puts the machine's name into <c>config.toml</c>, the one thing that we ever write there.</summary>
internal static class MachineSetting
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Keeps what is in the file. The new one is written beside and put in place whole.</summary>
    public static void Write(string home, MachineName machine)
    {
        var path = Path.Join(home, "config.toml");
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            Directory.CreateDirectory(home, Private | UnixFileMode.UserExecute);
            var rest = File.Exists(path) ? Without(File.ReadAllText(path)) : "";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private };
            using (var file = new FileStream(beside, options))
            {
                // In front: behind a section it would belong to that.
                file.Write(System.Text.Encoding.UTF8.GetBytes($"machine = \"{machine}\"\n{rest}"));
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new SeshException("home-unwritable", $"cannot write {path}: {e.Message.TrimEnd('.')}", "make the folder writable, or set SESH_HOME to another", inner: e);
        }
    }

    // A name that stands there already, which is in front of all sections.
    private static string Without(string text)
    {
        var lines = text.Split('\n').ToList();
        var sections = lines.FindIndex(l => l.TrimStart().StartsWith('['));
        var at = lines.FindIndex(l => l.TrimStart() is var line && line.StartsWith("machine", StringComparison.Ordinal) && line["machine".Length..].TrimStart().StartsWith('='));
        if (at >= 0 && (sections < 0 || at < sections))
            lines.RemoveAt(at);
        return string.Join('\n', lines);
    }
}
