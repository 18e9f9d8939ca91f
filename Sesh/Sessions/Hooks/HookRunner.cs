using System.ComponentModel;
using System.Globalization;
using System.Threading.Channels;
using Sesh.Config;
using Sesh.Processes;

namespace Sesh.Sessions.Hooks;

/// <summary>
/// Runs hooks beside the daemon's work: a few at a time, in order, and so many a minute at most. What is too much is dropped and counted in the log, once a minute. For any thread.
/// </summary>
internal sealed class HookRunner : IAsyncDisposable
{
    private const int AtOnce = 4;
    private const int Waiting = 64;
    private const int AMinute = 120;

    private readonly Channel<(HookSetting Hook, Edge Edge)> _queue = Channel.CreateBounded<(HookSetting, Edge)>(Waiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Action<string> _log;
    private readonly string? _shell;
    private readonly TimeProvider _time;
    private readonly Task[] _workers;
    private long _minute;
    private int _started;
    private int _dropped;

    /// <param name="shell"><c>$SHELL</c>.</param>
    public HookRunner(string? shell, Action<string> log, TimeProvider time)
    {
        (_shell, _log, _time) = (shell, log, time);
        _minute = time.GetTimestamp();
        _workers = [.. Enumerable.Range(0, AtOnce).Select(_ => Task.Run(WorkAsync))];
    }

    public void Start(HookSetting hook, Edge edge)
    {
        string? told = null;
        lock (_lock)
        {
            if (_time.GetElapsedTime(_minute) >= TimeSpan.FromMinutes(1))
            {
                told = Dropped();
                (_minute, _started) = (_time.GetTimestamp(), 0);
            }

            if (_started < AMinute && _queue.Writer.TryWrite((hook, edge)))
                _started++;
            else if (++_dropped == 1)
                told ??= $"hooks: more than can be run at once or in a minute; those too many are dropped, {hook.Name} for {edge.Event} first";
        }

        if (told is not null)
            _log(told);
    }

    /// <summary>Those that run are ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(false);
        if (Dropped() is { } told)
            _log(told);
        _stop.Dispose();
    }

    private string? Dropped()
    {
        var count = _dropped;
        _dropped = 0;
        return count > 0 ? string.Create(CultureInfo.InvariantCulture, $"hooks: {count} dropped") : null;
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var (hook, edge) in _queue.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
                Run(hook, edge);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Run(HookSetting hook, Edge edge)
    {
        try
        {
            var result = HookCommand.Run(hook, edge, _shell, _stop.Token);
            if (!result.Succeeded && !_stop.IsCancellationRequested)
                _log($"hook {hook.Name} for {edge.Event} of {edge.Session.Uuid}: {Failure(result)}");
        }
        catch (Win32Exception e)
        {
            _log($"hook {hook.Name} cannot be run: {e.Message}");
        }
    }

    private static string Failure(CommandResult result) =>
        (result.TimedOut ? "ended after 15 s" : string.Create(CultureInfo.InvariantCulture, $"exit {result.ExitCode}")) + (result.Complaint is { Length: > 0 } said ? $": {said}" : "");
}
