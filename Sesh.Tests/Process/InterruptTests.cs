using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>R9: commands ended from outside at any moment leave no half record and no process.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();

    public void Dispose() => _sesh.Dispose();

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Hangup)]
    [InlineData(Signal.Kill)]
    public void A_follower_that_is_signalled_ends_at_once(int signal)
    {
        using var follower = Follow();
        Assert.True(Signal.Send(follower.Id, signal));
        Assert.True(follower.WaitForExit(TimeSpan.FromSeconds(10)));
        if (signal == Signal.Interrupt)
            Assert.Equal(130, follower.ExitCode);
        Assert.Empty(_sesh.Strays());
    }

    [Fact]
    public void Writers_ended_at_any_moment_leave_whole_records_and_no_process()
    {
        int[] signals = [Signal.Interrupt, Signal.Terminate, Signal.Kill, Signal.Hangup];
        var random = new Random(7);
        var uuid = _sesh.Register("start");
        for (var i = 0; i < 60; i++)
        {
            using var writer = _sesh.Start("tag", uuid, $"a-{i}", $"b-{i}");
            var moment = Stopwatch.GetTimestamp() + (long)(random.NextDouble() * 0.006 * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < moment)
            {
                // A moment within the life of the process: too short to sleep.
            }

            Signal.Send(writer.Id, signals[i % signals.Length]);
            Assert.True(writer.WaitForExit(TimeSpan.FromSeconds(20)));
            var tags = KilledWriterTests.Open(_sesh).Read().Find(Sync.Documents.SessionId.Parse(uuid))!.Tags;
            Assert.Equal(tags.Contains($"a-{i}"), tags.Contains($"b-{i}"));
            if (writer.ExitCode == 0)
                Assert.Contains($"a-{i}", tags);
        }

        Assert.Empty(_sesh.Strays());
        _sesh.Run("tag", uuid, "end").Succeeds();
    }

    [Fact]
    public void A_terminal_that_goes_away_takes_its_command_along()
    {
        using var follower = Follow();
        var socket = Path.Combine(_sesh.Root, "t.sock");
        var command = $"exec '{BuiltSesh.Binary}' tail -f {_uuid}";
        _sesh.Shell($"tmux -S {socket} -f /dev/null new-session -d -s t \"{command}\"").Succeeds();
        try
        {
            Until.True("a second follower in the pane", () => _sesh.Strays().Count(p => Name(p) == "sesh") == 2);
            _sesh.Shell($"tmux -S {socket} kill-session -t t").Succeeds();
            Until.True("only the first follower", () => _sesh.Strays().Count(p => Name(p) == "sesh") == 1);
        }
        finally
        {
            _sesh.Shell($"tmux -S {socket} kill-server 2>/dev/null || true").Succeeds();
            follower.Kill();
            follower.WaitForExit();
        }

        Until.True("nothing of ours runs", () => _sesh.Strays().Count == 0);
    }

    private string _uuid = "";

    private static string Name(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A <c>tail -f</c> that has printed what there was.</summary>
    private Process Follow()
    {
        _uuid = Transcripts.Claude(_sesh, "hello there");
        _sesh.Run("adopt").Succeeds();
        var follower = _sesh.Start("tail", "-f", _uuid);
        Assert.Contains("hello there", follower.StandardOutput.ReadLine() ?? "", StringComparison.Ordinal);
        return follower;
    }
}
