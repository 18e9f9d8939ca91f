namespace Sesh.Sync.Wire;

/// <summary>
/// What came of one stream and was not read yet: never more than its window, and no more memory than that. One reader; it grants the other side what it has read.
/// </summary>
/// <param name="window">The most that may lie here.</param>
/// <param name="grant">Tells the other side that so much has room again.</param>
internal sealed class Inbound(int window, Action<int> grant)
{
    private readonly Lock _gate = new();
    private byte[] _ring = [];
    private int _start;
    private int _count;
    private int _read;
    private TaskCompletionSource? _more;
    private bool _complete;
    private Exception? _why;

    /// <exception cref="WireException">It does not keep to its credit.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_complete)
                return;
            if (bytes.Length > window - _count - _read)
                throw new WireException("more than its credit");
            Reserve(_count + bytes.Length);
            var end = (_start + _count) % Math.Max(_ring.Length, 1);
            var first = Math.Min(bytes.Length, _ring.Length - end);
            bytes[..first].CopyTo(_ring.AsSpan(end));
            bytes[first..].CopyTo(_ring);
            _count += bytes.Length;
            Wake();
        }
    }

    /// <summary>Nothing more comes. What lies here can still be read; then comes the end, or the exception.</summary>
    public void Complete(Exception? why = null)
    {
        lock (_gate)
        {
            if (_complete)
                return;
            _complete = true;
            _why = why;
            Wake();
        }
    }

    /// <summary>Bytes read; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancel)
    {
        if (into.Length == 0)
            return 0;
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_count > 0)
                    return Take(into.Span);
                if (_complete)
                    return _why is null ? 0 : throw _why;
                more = (_more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await more.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    private int Take(Span<byte> into)
    {
        var taken = Math.Min(into.Length, _count);
        var first = Math.Min(taken, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(into);
        _ring.AsSpan(0, taken - first).CopyTo(into[first..]);
        _start = (_start + taken) % _ring.Length;
        _count -= taken;
        _read += taken;
        if (_count == 0)
            _start = 0;
        if (_read >= window / 2 && !_complete)
        {
            grant(_read);
            _read = 0;
        }

        return taken;
    }

    private void Reserve(int count)
    {
        if (count <= _ring.Length)
            return;
        var larger = new byte[Math.Min(window, Math.Max(count, Math.Max(1024, 2 * _ring.Length)))];
        var first = Math.Min(_count, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(larger);
        _ring.AsSpan(0, _count - first).CopyTo(larger.AsSpan(first));
        _ring = larger;
        _start = 0;
    }

    private void Wake()
    {
        _more?.TrySetResult();
        _more = null;
    }
}
