using Sesh.Processes;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>
/// This process's terminal as the streams of a request: a program on another machine draws on it and gets what is typed. It is taken over at the first byte from there, so that until then Ctrl-C is ours and
/// what is typed waits, and given back with this object.
/// </summary>
internal sealed class LentTerminal : IDisposable
{
    /// <summary>What a program that could not end properly leaves switched on: other screen, mouse, focus, pasting in brackets, keypad, no cursor, colours.</summary>
    private static ReadOnlySpan<byte> Calm => "\e[?1000l\e[?1002l\e[?1003l\e[?1004l\e[?1006l\e[?2004l\e[?1l\e>\e[>4;0m\e[?7h\e[0m\e[?1049l\e[?25h\r\n"u8;

    private readonly ControllingTerminal _terminal;
    private readonly string _name;
    private readonly WakePipe _wake = new();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TerminalSizes _sizes = new();
    private readonly Lock _reading = new();

    /// <param name="name">The value of TERM; null where it has none.</param>
    public LentTerminal(ControllingTerminal terminal, string? name)
    {
        _terminal = terminal;
        _name = name is { Length: > 0 and <= 64 } && name.All(c => c is > ' ' and < '\x7f') ? name : "xterm-256color";
        terminal.Changed += Report;
    }

    /// <summary>As it is now.</summary>
    public RequestTerminal Size
    {
        get
        {
            const int Most = 1000;
            var (columns, rows) = _terminal.Size;
            return new RequestTerminal(columns > 0 ? Math.Min(columns, Most) : 80, rows > 0 ? Math.Min(rows, Most) : 24, _name);
        }
    }

    /// <summary>Something came from there.</summary>
    public bool Taken => _taken.Task.IsCompleted;

    /// <param name="error">For what is no part of the screen.</param>
    public RequestStreams Streams(Stream error) => new(new Typed(this), new Shown(this), error, _sizes);

    /// <summary>The program there has ended by itself, and has left the terminal as it found it.</summary>
    public void Ended() => _terminal.Parting = [];

    public void Dispose()
    {
        _terminal.Changed -= Report;
        _wake.Set();
        _terminal.GiveBack();
        lock (_reading)
            _wake.Dispose();
    }

    private void Report() => _sizes.Report(Size);

    private void Take()
    {
        if (Taken)
            return;
        _terminal.Parting = Calm.ToArray();
        _terminal.TakeOver();
        _taken.TrySetResult();
        // It may have changed before there was anybody there to be told.
        Report();
    }

    private int Read(Span<byte> into)
    {
        lock (_reading)
            return Math.Max(0, _terminal.Read(into, _wake));
    }

    private sealed class Typed(LentTerminal owner) : OneWay
    {
        public override bool CanRead => true;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await owner._taken.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            // Reading a terminal cannot be cancelled; waiting for it can. The thread is the link's to block.
            using var waking = cancellationToken.Register(owner._wake.Set);
            return cancellationToken.IsCancellationRequested ? 0 : owner.Read(buffer.Span);
        }
    }

    /// <summary>
    /// What comes is written as it comes: a terminal's stream is made of control characters. Who is let draw here is who the user went to; by its nature that machine can do to this terminal whatever a
    /// program started here can. Nothing else that comes from a machine reaches a terminal raw.
    /// </summary>
    private sealed class Shown(LentTerminal owner) : OneWay
    {
        public override bool CanWrite => true;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.Take();
            owner._terminal.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }

    private abstract class OneWay : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
