using System.Diagnostics;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store;

public sealed class TurnLockTests : IDisposable
{
    private static readonly SessionId Session = SessionId.Parse("5f0c1f2a-2b1d-4a57-9f5e-3d1c35a0c001");

    private readonly ScratchHome _home = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        _deadline.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void A_turn_is_held_by_one_and_free_when_it_ends()
    {
        using (var held = TurnLock.TryTake(_home.Path, Session))
        {
            Assert.NotNull(held);
            Assert.Null(TurnLock.TryTake(_home.Path, Session));
            using var other = TurnLock.TryTake(_home.Path, SessionId.New());
            Assert.NotNull(other);
        }

        using var again = TurnLock.TryTake(_home.Path, Session);
        Assert.NotNull(again);
    }

    [Fact]
    public void Its_files_are_the_owners_alone()
    {
        using var held = TurnLock.TryTake(_home.Path, Session);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.File("turns", $"{Session}.lock")));
    }

    [Fact]
    public void Waiting_takers_are_served_in_order_of_arrival()
    {
        const int takers = 12;
        var served = new List<int>();
        var threads = new List<Thread>();
        using (var held = TurnLock.TryTake(_home.Path, Session))
        {
            Assert.NotNull(held);
            for (var i = 0; i < takers; i++)
            {
                var taker = i;
                var thread = new Thread(() =>
                {
                    using var turn = TurnLock.Take(_home.Path, Session, _deadline.Token);
                    lock (served)
                        served.Add(taker);
                });
                threads.Add(thread);
                thread.Start();
                Until(() => Waiting().Length == taker + 1);
            }

            Assert.Empty(served);
            Assert.Null(TurnLock.TryTake(_home.Path, Session));
        }

        threads.ForEach(t => t.Join());
        Assert.Equal(Enumerable.Range(0, takers), served);
        using var after = TurnLock.TryTake(_home.Path, Session);
        Assert.NotNull(after);
    }

    [Fact]
    public void Never_two_at_once_whoever_comes_and_goes()
    {
        const int takers = 6;
        const int turns = 30;
        var inside = 0;
        var most = 0;
        var done = 0;
        var threads = Enumerable.Range(0, takers).Select(i => new Thread(() =>
        {
            var random = new Random(i);
            for (var turn = 0; turn < turns; turn++)
            {
                using var held = Next(random);
                if (held is null)
                    continue;
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                Thread.Yield();
                Interlocked.Decrement(ref inside);
                Interlocked.Increment(ref done);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(1, most);
        Assert.InRange(done, 1, takers * turns);
        using var after = TurnLock.TryTake(_home.Path, Session);
        Assert.NotNull(after);

        TurnLock? Next(Random random)
        {
            if (random.Next(4) == 0)
                return TurnLock.TryTake(_home.Path, Session);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
            if (random.Next(4) == 0)
                patience.CancelAfter(random.Next(5));
            try
            {
                return TurnLock.Take(_home.Path, Session, patience.Token);
            }
            catch (OperationCanceledException) when (!_deadline.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    [Fact]
    public void Who_stops_waiting_leaves_the_queue_to_the_others()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
        Thread second;
        var served = false;
        using (var held = TurnLock.TryTake(_home.Path, Session))
        {
            Assert.NotNull(held);
            var cancelled = false;
            var first = new Thread(() =>
            {
                try
                {
                    TurnLock.Take(_home.Path, Session, patience.Token).Dispose();
                }
                catch (OperationCanceledException)
                {
                    cancelled = true;
                }
            });
            first.Start();
            Until(() => Waiting().Length == 1);
            second = new Thread(() =>
            {
                TurnLock.Take(_home.Path, Session, _deadline.Token).Dispose();
                served = true;
            });
            second.Start();
            Until(() => Waiting().Length == 2);
            patience.Cancel();
            first.Join();
            Assert.True(cancelled);
            Assert.Single(Waiting());
        }

        second.Join();
        Assert.True(served);
    }

    [Fact]
    public void A_holder_that_is_killed_lets_go_at_once()
    {
        using (TurnLock.TryTake(_home.Path, Session))
        {
        }

        using var holder = Hold(_home.File("turns", $"{Session}.lock"));
        Assert.Null(TurnLock.TryTake(_home.Path, Session));
        holder.Kill();
        using var turn = TurnLock.Take(_home.Path, Session, _deadline.Token);
        Assert.NotNull(turn);
        holder.WaitForExit();
    }

    [Fact]
    public void A_waiter_that_is_killed_does_not_hold_up_those_behind()
    {
        Directory.CreateDirectory(_home.File("turns", $"{Session}.queue"));
        using var waiter = Hold(_home.File("turns", $"{Session}.queue", "7"));
        Assert.Null(TurnLock.TryTake(_home.Path, Session));
        var served = false;
        var thread = new Thread(() =>
        {
            TurnLock.Take(_home.Path, Session, _deadline.Token).Dispose();
            served = true;
        });
        thread.Start();
        Until(() => Waiting().Contains("8"));
        Assert.False(served);
        waiter.Kill();
        thread.Join();
        Assert.True(served);
        waiter.WaitForExit();
    }

    [Fact]
    public void A_home_that_cannot_be_written_is_said_so()
    {
        File.WriteAllText(_home.File("turns"), "");
        var error = Assert.Throws<SeshException>(() => TurnLock.TryTake(_home.Path, Session));
        Assert.Equal("home-unwritable", error.Code);
    }

    // Another process that locks the file by flock(2) and says so.
    private static Process Hold(string path)
    {
        var start = new ProcessStartInfo("perl") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-e", "open F, '>>', shift; flock F, 2; $| = 1; print \"held\\n\"; sleep 100", path])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        Assert.Equal("held", process.StandardOutput.ReadLine());
        return process;
    }

    private string[] Waiting()
    {
        var queue = _home.File("turns", $"{Session}.queue");
        return Directory.Exists(queue) ? [.. Directory.GetFiles(queue).Select(f => Path.GetFileName(f)).Where(n => FileLock.IsHeld(Path.Combine(queue, n)))] : [];
    }

    private void Until(Func<bool> state)
    {
        while (!state())
        {
            _deadline.Token.ThrowIfCancellationRequested();
            Thread.Yield();
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
