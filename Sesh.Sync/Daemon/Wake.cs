namespace Sesh.Sync.Daemon;

/// <summary>One waits, any number may wake it; a wake that comes while nobody waits counts for the next wait.</summary>
internal sealed class Wake(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private bool _set;

    public void Set()
    {
        lock (_lock)
        {
            if (_waiting is { } waiting)
                waiting.TrySetResult();
            else
                _set = true;
        }
    }

    /// <summary>False where nobody woke it within that time.</summary>
    /// <exception cref="OperationCanceledException"/>
    public async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            if (_set)
            {
                _set = false;
                return true;
            }

            waiting = _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await waiting.Task.WaitAsync(most, time, cancel).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_lock)
                _waiting = null;
        }
    }
}
