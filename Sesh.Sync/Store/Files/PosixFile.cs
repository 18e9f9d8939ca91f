using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sync.Store.Files;

internal sealed partial class PosixFile(SafeFileHandle file, string path) : IStoreFile
{
    public FileFacts Facts() => PosixFiles.Facts(file, path);

    public unsafe int Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var wrote = NativeWrite(file, start, (nuint)bytes.Length);
                if (wrote >= 0)
                    return (int)wrote;
                if (!Errno.LastWasInterrupt)
                    throw Errno.Last(path);
            }
        }
    }

    public void Truncate(long length)
    {
        while (FTruncate(file, length) != 0)
        {
            if (!Errno.LastWasInterrupt)
                throw Errno.Last(path);
        }
    }

    public void Sync() => Sync(file, path);

    public void Dispose() => file.Dispose();

    /// <summary>fsync, and on macOS the F_FULLFSYNC that means it.</summary>
    internal static void Sync(SafeFileHandle file, string path)
    {
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreFileException(FileFault.Other, path, e.Message);
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint NativeWrite(SafeFileHandle file, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FTruncate(SafeFileHandle file, long length);
}
