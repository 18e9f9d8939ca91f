using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Sesh.Processes;

/// <summary>
/// A child on a terminal of its own, of which we hold the other end. One thread may read and one may write at a time. Whoever has one disposes of it, when neither does any more: then the
/// terminal is gone, and the child with it.
/// </summary>
internal sealed class PtyChild : IAsyncDisposable
{
    /// <summary>How long one whose terminal is gone may take to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly int _descriptor;
    private readonly ChildLife _life;
    private readonly WakePipe _wake = new();

    private PtyChild(int descriptor, int pid) => (_descriptor, _life) = (descriptor, new ChildLife(pid));

    /// <summary>See <see cref="ChildLife.Ended"/>.</summary>
    public Task<int> Ended => _life.Ended;

    /// <summary>Throws <see cref="Win32Exception"/> where there is no terminal to be had, or the program cannot be started.</summary>
    /// <param name="environment"><c>NAME=value</c> each.</param>
    public static PtyChild Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, string folder, int columns, int rows)
    {
        var descriptor = Open();
        try
        {
            Terminal.Resize(descriptor, columns, rows);
            var setting = new ChildSetting { Terminal = NameOf(descriptor), Folder = folder };
            return new PtyChild(descriptor, Spawn.Start(path, arguments, environment, setting, -1, -1));
        }
        catch
        {
            // Nobody else knows of it.
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    public void Resize(int columns, int rows) => Terminal.Resize(_descriptor, columns, rows);

    /// <summary>Waits for something shown; 0 when nobody is on the terminal any more, or after <see cref="Stop"/>.</summary>
    public unsafe int Read(Span<byte> into)
    {
        while (_wake.Wait(_descriptor, Libc.PollIn))
        {
            nint count;
            fixed (byte* at = into)
                count = Libc.Read(_descriptor, at, (nuint)into.Length);
            if (count >= 0)
                return (int)count;
            // At the end Linux says EIO.
            if (Marshal.GetLastPInvokeError() is not (Libc.Interrupted or Libc.TryAgain))
                return 0;
        }

        return 0;
    }

    /// <summary>Types it; waits while the child reads nothing. False when nobody is there any more, or after <see cref="Stop"/>.</summary>
    public unsafe bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!_wake.Wait(_descriptor, Libc.PollOut))
                return false;
            nint count;
            fixed (byte* at = bytes)
                count = Libc.Write(_descriptor, at, (nuint)bytes.Length);
            if (count >= 0)
                bytes = bytes[(int)count..];
            else if (Marshal.GetLastPInvokeError() is not (Libc.Interrupted or Libc.TryAgain))
                return false;
        }

        return true;
    }

    /// <summary>Whoever reads or writes comes back.</summary>
    public void Stop() => _wake.Set();

    public async ValueTask DisposeAsync()
    {
        // The kernel hangs up on all who are on it; asking the child too is for one that has left its terminal.
        _ = Libc.Close(_descriptor);
        await _life.EndAsync(Libc.SigHangUp, Grace).ConfigureAwait(false);
        _wake.Dispose();
    }

    private static int Open()
    {
        const int ReadWrite = 2;
        const int NonBlocking = 0x800;
        // macOS takes no more than these two; there a spawned child gets only what it is given.
        var flags = OperatingSystem.IsMacOS() ? ReadWrite | 0x20000 : ReadWrite | 0x100 | NonBlocking | Libc.CloseOnExec;
        var descriptor = Libc.OpenPty(flags);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        if (Libc.GrantPty(descriptor) == 0 && Libc.UnlockPty(descriptor) == 0)
            return descriptor;
        var failure = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        throw new Win32Exception(failure);
    }

    private static unsafe string NameOf(int descriptor)
    {
        const int Longest = 128;
        var name = stackalloc byte[Longest];
        return Libc.PtyName(descriptor, name, Longest) == 0
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name))
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
