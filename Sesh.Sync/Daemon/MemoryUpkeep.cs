namespace Sesh.Sync.Daemon;

/// <summary>
/// Keeps a long-lived process small. The collector is set for commands, which keep all they make and are gone: left to itself it would let 64 MB pile up before its first
/// collection.
/// </summary>
internal sealed class MemoryUpkeep : IDisposable
{
    private const long Allowed = 6 << 20;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ITimer _timer;
    private long _collected;
    private int _young;

    public MemoryUpkeep(TimeProvider time) => _timer = time.CreateTimer(_ => Look(), null, Every, Every);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: false);
        if (allocated - _collected < Allowed)
            return;
        _collected = allocated;
        // Most of what is made here is dead by now; now and then what is left is moved together and given back.
        if (++_young % 16 == 0)
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        else
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
    }
}
