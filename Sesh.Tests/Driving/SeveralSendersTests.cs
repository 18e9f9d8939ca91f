using Xunit;

namespace Sesh.Tests.Driving;

/// <summary>Many messages at once.</summary>
public sealed class SeveralSendersTests : IDisposable
{
    private const int Senders = 20;

    private readonly DrivenWorld _world = new();

    public static TheoryData<string> Agents() => [.. DrivenWorld.Agents];

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Twenty_at_once_to_one_session_do_not_mix(string agent)
    {
        var uuid = _world.New(agent);
        _world.Do("send", uuid, "warm");
        var runs = await Task.WhenAll(Enumerable.Range(0, Senders).Select(i => Task.Factory.StartNew(() => _world.Run("send", uuid, $"number {i}."), TaskCreationOptions.LongRunning)));
        Assert.Equal(Enumerable.Range(0, Senders).Select(i => (0, $"echo: number {i}.\n")), runs.Select(r => (r.Status, r.Out)));
        var said = _world.Said(uuid);
        Assert.Equal(2 * Senders + 2, said.Count);
        // Each question stands before its own answer.
        Assert.All(Enumerable.Range(0, said.Count / 2), i => Assert.Equal(said[2 * i].Replace("user: ", "assistant: echo: ", StringComparison.Ordinal), said[2 * i + 1]));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Those_who_wait_are_served_in_the_order_in_which_they_came(string agent)
    {
        var uuid = _world.Detached(agent);
        _world.Do("send", uuid, "--no-wait", "slow [[sleep:3]]");
        var runs = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            var (number, before) = (i, Waiting());
            runs.Add(Task.Factory.StartNew(() => _world.Run("send", uuid, $"number {number}"), TaskCreationOptions.LongRunning));
            Until.True(() => Waiting() > before, "it waits");
        }

        await Task.WhenAll(runs);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"user: number {i}"), _world.Said(uuid).Where(s => s.StartsWith("user: number", StringComparison.Ordinal)));

        int Waiting()
        {
            var queue = Path.Combine(_world.Home, "turns", $"{uuid}.queue");
            return Directory.Exists(queue) ? Directory.GetFiles(queue).Length : 0;
        }
    }

    [Fact]
    public async Task Twenty_at_once_to_twenty_sessions_do_not_mix()
    {
        var uuids = Enumerable.Range(0, Senders).Select(i => _world.New(DrivenWorld.Agents[i % 3])).ToList();
        var runs = await Task.WhenAll(uuids.Select((uuid, i) => Task.Factory.StartNew(() => _world.Run("send", uuid, $"number {i}\nof {uuid}"), TaskCreationOptions.LongRunning)));
        Assert.Equal(uuids.Select((uuid, i) => (0, $"echo: number {i}\nof {uuid}\n")), runs.Select(r => (r.Status, r.Out)));
        Assert.Equal("", _world.Tmux.Server.Do(["list-buffers"]));
    }

    public void Dispose() => _world.Dispose();
}
