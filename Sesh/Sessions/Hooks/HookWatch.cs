using Sesh.Config;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Hooks;

/// <summary>Watches what happens to sessions, for a daemon, and has hooks run. While no hooks are set it looks at nothing.</summary>
/// <remarks>A store serves one thread: those given are this watch's own.</remarks>
internal sealed class HookWatch : IAsyncDisposable
{
    /// <summary>A burst of changes is one reason to look.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly SessionStore _store;
    private readonly LiveStore _live;
    private readonly Func<IReadOnlyList<HookSetting>> _settings;
    private readonly HookRunner _runner;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly Task _running;
    private Edges? _edges;
    private IReadOnlyList<HookSetting> _hooks = [];
    private volatile bool _areNew = true;

    /// <param name="settings">Reads <c>[[hooks]]</c>.</param>
    /// <param name="shell"><c>$SHELL</c>.</param>
    public HookWatch(SessionStore store, LiveStore live, Func<IReadOnlyList<HookSetting>> settings, string? shell, Action<string> log, TimeProvider time)
    {
        (_store, _live, _settings, _log, _time) = (store, live, settings, log, time);
        _runner = new HookRunner(shell, log, time);
        // Where things stand when the daemon starts, and not some moment later.
        _ = Look();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Something may have happened. Does not wait; any thread.</summary>
    /// <param name="settings">The settings may have changed too.</param>
    public void Expect(bool settings)
    {
        _areNew |= settings;
        try
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else said so at the same moment, or it is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _runner.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        var wait = Timeout.InfiniteTimeSpan;
        try
        {
            while (true)
            {
                if (await _wake.WaitAsync(wait, _stop.Token).ConfigureAwait(false))
                    await Task.Delay(Gather, _time, _stop.Token).ConfigureAwait(false);
                wait = Look();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <returns>How long to wait at most before the next look.</returns>
    private TimeSpan Look()
    {
        try
        {
            if (_areNew)
            {
                _areNew = false;
                _hooks = _settings();
            }

            if (_hooks.Count == 0)
            {
                _edges = null;
                return Timeout.InfiniteTimeSpan;
            }

            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            _edges ??= new Edges();
            foreach (var edge in _edges.Look(Sessions(), now))
            {
                foreach (var hook in _hooks)
                {
                    if (HookCommand.Wants(hook, edge))
                        _runner.Start(hook, edge);
                }
            }

            return _edges.Due is { } due ? TimeSpan.FromMilliseconds(Math.Clamp(due - now, 10, Edges.Settling)) : Timeout.InfiniteTimeSpan;
        }
        catch (Exception e)
        {
            // Wrong settings, a full disk, a bug: the daemon goes on without hooks until something changes.
            _log($"hooks: {(e is SeshException ? e.Message : e.ToString())}");
            return Timeout.InfiniteTimeSpan;
        }
    }

    private List<HookSession> Sessions()
    {
        var records = _store.Read().Records().Where(r => !r.Deleted).ToList();
        var owners = records.ToDictionary(r => r.Uuid, r => r.Machine);
        var rows = _live.All(uuid => owners.GetValueOrDefault(uuid));
        return [.. records.Select(r => HookSession.Of(new SessionView(r, rows.GetValueOrDefault(r.Uuid))))];
    }
}
