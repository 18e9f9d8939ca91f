using System.Runtime.InteropServices;

namespace Sesh.Sync.Daemon;

/// <summary>
/// Keeps a long-lived process small. The collector is set for commands, which keep all they make and are gone: left to itself it would let 64 MB pile up before its first
/// collection. And the C library gives each thread a heap of its own, of which SSH has many.
/// </summary>
internal sealed unsafe class MemoryUpkeep : IDisposable
{
    private const long Allowed = 4 << 20;
    private const int MostHeaps = -8; // glibc's M_ARENA_MAX

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly ITimer _timer;
    private readonly delegate* unmanaged<nuint, int> _trim;
    private long _collected;

    public MemoryUpkeep(TimeProvider time)
    {
        // Looked up, for other C libraries have neither.
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library))
        {
            if (NativeLibrary.TryGetExport(library, "mallopt", out var set))
                _ = ((delegate* unmanaged<int, int, int>)set)(MostHeaps, 1);
            if (NativeLibrary.TryGetExport(library, "malloc_trim", out var trim))
                _trim = (delegate* unmanaged<nuint, int>)trim;
        }

        _timer = time.CreateTimer(_ => Look(), null, Every, Every);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: false);
        if (allocated - _collected < Allowed)
            return;
        _collected = allocated;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (_trim != null)
            _ = _trim(0);
    }
}
