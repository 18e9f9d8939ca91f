namespace Sesh.Sync.Wire;

/// <summary>Bytes whose number was promised: memory follows what really comes.</summary>
internal sealed class Growing(int promised)
{
    private const int First = 4 << 10;

    private byte[] _bytes = new byte[Math.Min(promised, First)];
    private int _count;

    public bool IsFull => _count == promised;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    /// <summary>Where the next bytes go: at least one unless full, and never more than was promised.</summary>
    public Memory<byte> Room(int wanted)
    {
        wanted = Math.Min(wanted, promised - _count);
        if (_count + wanted > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(promised, Math.Max(2L * _bytes.Length, _count + wanted)));
        return _bytes.AsMemory(_count);
    }

    public void Advance(int written) => _count += written;
}
