using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Daemon;

public sealed class DaemonLockTests
{
    [Fact]
    public void Of_two_at_once_the_second_is_told_who_runs()
    {
        using var home = new ScratchHome();
        using var held = DaemonLock.Take(home.Path);

        var refused = Assert.Throws<SeshException>(() => DaemonLock.Take(home.Path));

        Assert.Equal("daemon-running", refused.Code);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, DaemonLock.ProcessOf(home.Path));
    }

    [Fact]
    public void A_file_left_behind_is_no_daemon()
    {
        using var home = new ScratchHome();
        File.WriteAllText(home.File("daemon.pid"), "12345678\n");

        Assert.Null(DaemonLock.ProcessOf(home.Path));
        Assert.False(DaemonLock.IsHeld(home.Path));
        using var held = DaemonLock.Take(home.Path);
        Assert.Equal(Environment.ProcessId, DaemonLock.ProcessOf(home.Path));
    }

    [Fact]
    public void Letting_go_removes_the_file_and_the_next_one_takes_it()
    {
        using var home = new ScratchHome();
        DaemonLock.Take(home.Path).Dispose();

        Assert.False(File.Exists(home.File("daemon.pid")));
        DaemonLock.Take(home.Path).Dispose();
    }

    [Fact]
    public async Task Whoever_only_asks_keeps_nobody_from_starting()
    {
        using var home = new ScratchHome();
        DaemonLock.Take(home.Path).Dispose();
        File.WriteAllText(home.File("daemon.pid"), "");
        using var done = new CancellationTokenSource();
        var asking = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                DaemonLock.IsHeld(home.Path);
        }, TestContext.Current.CancellationToken);

        for (var i = 0; i < 20; i++)
            DaemonLock.Take(home.Path).Dispose();

        await done.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task Many_that_start_and_stop_are_never_two()
    {
        using var home = new ScratchHome();
        var running = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                try
                {
                    using var held = DaemonLock.Take(home.Path);
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    Interlocked.Decrement(ref running);
                }
                catch (SeshException e) when (e.Code == "daemon-running")
                {
                    // Another one was quicker.
                }
            }
        })));

        Assert.Equal(1, most);
    }
}
