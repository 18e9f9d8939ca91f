using Microsoft.Win32.SafeHandles;

namespace Sesh.Processes;

/// <summary>Text for a child's standard input, of any length: a file that has no name any more when the child begins to read, so that nothing of it stays behind.</summary>
internal sealed class PassingFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private PassingFile(SafeFileHandle file) => _file = file;

    public int Descriptor => (int)_file.DangerousGetHandle();

    /// <summary>Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    public static PassingFile Of(ReadOnlySpan<byte> text)
    {
        var path = Path.Join(Path.GetTempPath(), $"sesh-{Path.GetRandomFileName()}");
        using (var made = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, BufferSize = 0 }))
            made.Write(text);
        try
        {
            // Opened anew: reading begins at the start, and .NET's own lock on what it writes is gone.
            return new PassingFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose() => _file.Dispose();
}
