using Sesh.Sync;

namespace Sesh.Sessions.Reporters;

/// <summary>A file of an agent's that the user owns: read as it is, replaced in one step under the mode it had, and where it is a link, where that leads.</summary>
internal sealed class SettingsFile(string path)
{
    private const long MostBytes = 8 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = path;

    /// <summary>Null where there is none.</summary>
    /// <exception cref="SeshException"><c>settings</c>.</exception>
    public byte[]? Read()
    {
        try
        {
            var file = new FileInfo(Target());
            return !file.Exists ? null : file.Length <= MostBytes ? File.ReadAllBytes(file.FullName)
                : throw new SeshException("settings", $"{Path} is over 8 MiB: these are no settings", "look what it is; nothing was changed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("settings", $"cannot read {Path}: {e.Message.TrimEnd('.')}", "make it a file that you may read; nothing was changed", inner: e);
        }
    }

    /// <param name="content">Null: the file goes.</param>
    /// <exception cref="SeshException"><c>settings</c>.</exception>
    public void Write(byte[]? content)
    {
        try
        {
            var target = Target();
            if (content is null)
            {
                File.Delete(target);
                return;
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!, OwnerOnly | UnixFileMode.UserExecute);
            var draft = $"{target}.{Environment.ProcessId}.sesh";
            var mode = File.Exists(target) ? File.GetUnixFileMode(target) : OwnerOnly;
            try
            {
                using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
                {
                    file.Write(content);
                    file.Flush(flushToDisk: true);
                }

                File.SetUnixFileMode(draft, mode);
                File.Move(draft, target, overwrite: true);
            }
            finally
            {
                File.Delete(draft);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("settings", $"cannot write {Path}: {e.Message.TrimEnd('.')}", "see that its folder can be written and is not full; nothing was changed", inner: e);
        }
    }

    private string Target()
    {
        try
        {
            return File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? Path;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Path;
        }
    }
}
