using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sync.Store;

/// <summary>
/// An advisory lock on a file of its own, by flock(2): it excludes other processes and other handles of this one, is let go at once when its holder
/// dies, and never depends on what the file holds. Lock files are made where missing and never renamed.
/// </summary>
internal sealed partial class FileLock : IDisposable
{
    private const int ReadWrite = 2;
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const uint OwnerOnly = 0b110_000_000;
    private const int NoEntry = 2;
    private const int Interrupted = 4;

    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    // .NET opens files with a shared flock of its own, so these files are opened here.
    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000;

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Takes it, or returns null where somebody else has it. The folder must be there.</summary>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    public static FileLock? TryTake(string path)
    {
        var file = Open(path, create: true)!;
        if (Try(file, Exclusive))
            return new FileLock(file);
        file.Dispose();
        return null;
    }

    /// <summary>Waits for it, looking again at least every ten milliseconds.</summary>
    /// <exception cref="OperationCanceledException"/>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    public static FileLock Take(string path, CancellationToken cancel)
    {
        var file = Open(path, create: true)!;
        try
        {
            var wait = new Patience();
            while (!Try(file, Exclusive))
                wait.Once(cancel);
            return new FileLock(file);
        }
        catch
        {
            // Whatever ended the wait, the handle must not outlive it.
            file.Dispose();
            throw;
        }
    }

    /// <summary>A lock that another process took and handed on as an open descriptor: it is held as long as either has it open.</summary>
    public static FileLock Inherit(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: true));

    /// <summary>For handing the lock on to a child.</summary>
    public int Descriptor => (int)_file.DangerousGetHandle();

    /// <summary>Whether somebody holds it exclusively now. Makes no file.</summary>
    public static bool IsHeld(string path)
    {
        using var file = Open(path, create: false);
        return file is not null && !Try(file, Shared);
    }

    /// <summary>Whether the file that was locked is still the one at that path: for lock files that their holders remove.</summary>
    public bool IsAt(string path)
    {
        try
        {
            return Files.PosixFiles.Instance.Stat(path) is { } there && Files.PosixFiles.Facts(_file, path) is var held && held.Device == there.Device && held.Inode == there.Inode;
        }
        catch (Files.StoreFileException)
        {
            return false;
        }
    }

    /// <summary>Puts something into the file for others to read; they need not hold the lock.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(_file, content, 0);
        RandomAccess.SetLength(_file, content.Length);
    }

    public void Dispose() => _file.Dispose();

    private static bool Try(SafeFileHandle file, int kind)
    {
        while (NativeLock(file, kind | NonBlocking) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
                return false;
            if (error != Interrupted)
                throw new IOException($"cannot lock a file: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }

        return true;
    }

    private static SafeFileHandle? Open(string path, bool create)
    {
        while (true)
        {
            var descriptor = NativeOpen(path, ReadWrite | CloseOnExec);
            if (descriptor >= 0)
                return new SafeFileHandle(descriptor, ownsHandle: true);
            var error = Marshal.GetLastPInvokeError();
            if (error == Interrupted)
                continue;
            if (error == NoEntry && !create)
                return null;
            if (error == NoEntry)
            {
                // open(2) with O_CREAT is variadic, which P/Invoke cannot call on every ABI; creat(2) is not.
                var made = NativeCreate(path, OwnerOnly);
                if (made >= 0)
                {
                    new SafeFileHandle(made, ownsHandle: true).Dispose();
                    continue;
                }

                error = Marshal.GetLastPInvokeError();
            }

            throw new IOException($"cannot open {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "creat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeCreate(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int NativeLock(SafeFileHandle file, int operation);
}
