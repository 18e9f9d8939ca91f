using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>
/// The terminal that this process is run from, whatever its standard streams are. Taken over for a while, and given back as it was however this process ends, SIGKILL alone excepted: under
/// NativeAOT an exception that nobody catches runs no <c>finally</c>.
/// </summary>
internal sealed unsafe class ControllingTerminal : IDisposable
{
    private const int OpaqueSize = 256; // the largest struct termios anywhere
    private const int AtOnce = 0;
    private const int WithoutWhatWasTyped = 2;

    private readonly int _descriptor;
    private readonly byte[] _before = new byte[OpaqueSize];
    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration _resized;
    private readonly PosixSignalRegistration _continued;
    private bool _raw;
    private bool _gone;

    private ControllingTerminal(int descriptor)
    {
        _descriptor = descriptor;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed?.Invoke());
        _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Continue());
    }

    /// <summary>Its size is another, or somebody else may have drawn on it. On a thread of its own; must not wait.</summary>
    public event Action? Changed;

    /// <summary>0 for what it does not tell.</summary>
    public (int Columns, int Rows) Size => Terminal.Size(_descriptor);

    /// <summary>Written where it is given back; may be changed at any time.</summary>
    public byte[] Parting { get; set; } = [];

    /// <summary>Null where this process has none.</summary>
    public static ControllingTerminal? Open()
    {
        const int ReadWrite = 2;
        var descriptor = Libc.Open("/dev/tty", ReadWrite | Libc.CloseOnExec);
        return descriptor < 0 ? null : new ControllingTerminal(descriptor);
    }

    /// <summary>Every key comes as it is pressed, those that would be signals too, and nothing is echoed.</summary>
    public void TakeOver()
    {
        lock (_lock)
        {
            if (_raw || _gone)
                return;
            fixed (byte* before = _before)
            {
                if (Libc.GetTerminal(_descriptor, before) != 0)
                    return;
            }

            _raw = true;
            MakeRaw();
        }
    }

    /// <summary>Waits for what is typed; 0 when woken or when the time is over, -1 when the terminal is gone.</summary>
    /// <param name="milliseconds">-1 for no limit.</param>
    public int Read(Span<byte> into, WakePipe wake, int milliseconds = -1)
    {
        if (!wake.Wait(_descriptor, Libc.PollIn, milliseconds))
            return 0;
        nint count;
        fixed (byte* at = into)
            count = Libc.Read(_descriptor, at, (nuint)into.Length);
        if (count > 0)
            return (int)count;
        return count < 0 && Marshal.GetLastPInvokeError() is Libc.Interrupted or Libc.TryAgain ? 0 : -1;
    }

    /// <summary>As it is: whoever writes answers for the control characters in it. A terminal that is gone takes nothing, which reading tells.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count;
            fixed (byte* at = bytes)
                count = Libc.Write(_descriptor, at, (nuint)bytes.Length);
            if (count >= 0)
                bytes = bytes[(int)count..];
            else if (Marshal.GetLastPInvokeError() is not (Libc.Interrupted or Libc.TryAgain))
                return;
        }
    }

    /// <summary>As it was before <see cref="TakeOver"/>; what was typed and not read is dropped. May be called at any time, from any thread.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            if (!_raw || _gone)
                return;
            _raw = false;
            Write(Parting);
            fixed (byte* before = _before)
                _ = Libc.SetTerminal(_descriptor, WithoutWhatWasTyped, before);
        }
    }

    public void Dispose()
    {
        GiveBack();
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        _resized.Dispose();
        _continued.Dispose();
        lock (_lock)
        {
            if (_gone)
                return;
            _gone = true;
            _ = Libc.Close(_descriptor);
        }
    }

    private void OnEnd(object? sender, EventArgs e) => GiveBack();

    // The shell has set it as it likes it while we were stopped.
    private void Continue()
    {
        lock (_lock)
        {
            if (_raw && !_gone)
                MakeRaw();
        }

        Changed?.Invoke();
    }

    private void MakeRaw()
    {
        var raw = stackalloc byte[OpaqueSize];
        _before.CopyTo(new Span<byte>(raw, OpaqueSize));
        Libc.MakeRaw(raw);
        _ = Libc.SetTerminal(_descriptor, AtOnce, raw);
    }
}
