using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sync.Store.Files;

/// <summary>
/// The real file system. By P/Invoke where .NET has no such call or means something else by it: its FileMode.Append keeps an offset of its own instead of
/// O_APPEND, its file locks are fcntl's, which fall with any handle, and it cannot sync a folder.
/// </summary>
internal sealed partial class PosixFiles : IStoreFiles
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const uint FileMode = 0x180;
    private const uint FolderMode = 0x1C0;
    private const int ReadWrite = 2;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    public static PosixFiles Instance { get; } = new();

    private static bool Mac => OperatingSystem.IsMacOS();

    private static int AppendFlag => Mac ? 0x8 : 0x400;

    private static int CloseOnExec => Mac ? 0x100_0000 : 0x8_0000;

    public FileFacts? Stat(string path)
    {
        if (PosixStat.Of(path, out var facts) == 0)
            return facts;
        var fault = Errno.Last(path);
        return fault.Fault is FileFault.Missing or FileFault.NotAFolder ? null : throw fault;
    }

    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            var names = new List<string>();
            foreach (var path in Directory.EnumerateFileSystemEntries(folder))
                names.Add(Path.GetFileName(path));
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreFileException(e is UnauthorizedAccessException ? FileFault.Denied : FileFault.Other, folder, e.Message);
        }
    }

    public byte[] Read(string path, long from = 0)
    {
        using var file = Open(path, ReadOnly | CloseOnExec);
        var length = Facts(file, path).Size - from;
        if (length <= 0)
            return [];
        var bytes = new byte[length];
        var at = 0;
        try
        {
            while (at < bytes.Length)
            {
                var got = RandomAccess.Read(file, bytes.AsSpan(at), from + at);
                if (got == 0)
                    return bytes[..at];
                at += got;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreFileException(FileFault.Other, path, e.Message);
        }

        return bytes;
    }

    public IStoreFile Append(string path)
    {
        while (true)
        {
            try
            {
                return new PosixFile(Open(path, WriteOnly | AppendFlag | CloseOnExec), path);
            }
            catch (StoreFileException e) when (e.Fault == FileFault.Missing)
            {
                MakeIfMissing(path);
            }
        }
    }

    public IStoreFile Create(string path) => new PosixFile(Handle(() => Creat(path, FileMode), path), path);

    public IDisposable Lock(string path)
    {
        SafeFileHandle? file = null;
        while (file is null)
        {
            try
            {
                file = Open(path, ReadOnly | CloseOnExec);
            }
            catch (StoreFileException e) when (e.Fault == FileFault.Missing)
            {
                MakeIfMissing(path);
            }
        }

        Lock(file, LockExclusive, path);
        return file;
    }

    public IDisposable? TryLock(string path)
    {
        var file = Open(path, ReadWrite | CloseOnExec);
        return Lock(file, LockExclusive | LockNonBlocking, path) ? file : null;
    }

    public void Rename(string from, string to) => Demand(NativeRename(from, to), to);

    public void Remove(string path)
    {
        if (Unlink(path) != 0 && Errno.Last(path) is { Fault: not FileFault.Missing } fault)
            throw fault;
    }

    public void SyncFolder(string path)
    {
        using var folder = Open(path, ReadOnly | CloseOnExec);
        PosixFile.Sync(folder, path);
    }

    public void MakeFolder(string path)
    {
        if (MkDir(path, FolderMode) != 0 && Errno.Last(path) is { Fault: not FileFault.Exists } fault)
            throw fault;
    }

    public void SetMode(string path, uint mode) => Demand(ChMod(path, mode), path);

    internal static FileFacts Facts(SafeFileHandle file, string path) =>
        PosixStat.Of(file, out var facts) == 0 ? facts : throw Errno.Last(path);

    // False where somebody holds it; then, and where it fails, the file is closed.
    private static bool Lock(SafeFileHandle file, int operation, string path)
    {
        while (FLock(file, operation) != 0)
        {
            if (Errno.LastWasInterrupt)
                continue;
            var (isHeld, fault) = (Errno.LastWasBusy, Errno.Last(path));
            file.Dispose();
            return isHeld ? false : throw fault;
        }

        return true;
    }

    // open(2) with O_CREAT is variadic, which P/Invoke cannot call on every ABI; creat(2) would empty what another process made meanwhile.
    private static void MakeIfMissing(string path)
    {
        try
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = System.IO.FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (PosixStat.Of(path, out _) == 0)
                return;
            // Made by nobody: creat(2) has the system's own reason.
            Handle(() => Creat(path, FileMode), path).Dispose();
        }
    }

    private static SafeFileHandle Open(string path, int flags) => Handle(() => NativeOpen(path, flags), path);

    private static SafeFileHandle Handle(Func<int> open, string path)
    {
        while (true)
        {
            var descriptor = open();
            if (descriptor >= 0)
                return new SafeFileHandle(descriptor, ownsHandle: true);
            if (!Errno.LastWasInterrupt)
                throw Errno.Last(path);
        }
    }

    private static void Demand(int result, string path)
    {
        if (result != 0)
            throw Errno.Last(path);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "creat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Creat(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChMod(string path, uint mode);
}
