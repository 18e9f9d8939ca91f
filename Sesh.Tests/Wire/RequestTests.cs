using System.Text;
using Sesh.Sync;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

public sealed class RequestTests
{
    private static readonly Request Tail = new() { Verb = "tail", Arguments = ["1a2b", "-n", "5", "a b\n'c'"] };

    private static Task<LinkPair> ServedBy(Func<Request, RequestOrigin, RequestStreams, CancellationToken, Task<int>> handle, Func<LinkOptions, LinkOptions>? more = null)
    {
        var options = LinkPair.Options("laptop", new MemorySharing()) with { Requests = new GivenHandler(handle), Allow = Grant.Read };
        return LinkPair.OpenAsync(LinkPair.Options("desk", new MemorySharing()), more is null ? options : more(options));
    }

    private static RequestStreams Streams(out MemoryStream output, out MemoryStream error, string input = "") =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(input)), output = new MemoryStream(), error = new MemoryStream());

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    [Fact]
    public async Task Words_streams_and_exit_status_go_over_as_they_are()
    {
        (Request Request, RequestOrigin Origin)? seen = null;
        await using var pair = await ServedBy(async (request, origin, streams, cancel) =>
        {
            seen = (request, origin);
            using var reader = new StreamReader(streams.Input);
            var said = await reader.ReadToEndAsync(cancel);
            await streams.Output.WriteAsync(Encoding.UTF8.GetBytes($"out {said}"), cancel);
            await streams.Error.WriteAsync("err"u8.ToArray(), cancel);
            return 3;
        });
        var asked = Tail with { Target = "phone", Path = ["desk"], Terminal = new RequestTerminal(80, 24, "xterm-256color") };
        Assert.Equal(3, await pair.A.AskAsync(asked, Streams(out var output, out var error, "hello"), default));
        Assert.Equal(("out hello", "err"), (Text(output), Text(error)));
        Assert.Equal(Tail.Arguments.AsEnumerable(), seen!.Value.Request.Arguments);
        Assert.Equal(("tail", "phone", "desk"), (seen.Value.Request.Verb, seen.Value.Request.Target, seen.Value.Request.Path.Single()));
        Assert.Equal(asked.Terminal, seen.Value.Request.Terminal);
        Assert.Equal(new RequestOrigin("desk", Grant.Read), seen.Value.Origin);
    }

    [Fact]
    public async Task Either_side_may_ask_at_the_same_time()
    {
        static IRequestHandler Echo(string name) => new GivenHandler(async (_, _, streams, cancel) =>
        {
            await streams.Output.WriteAsync(Encoding.UTF8.GetBytes(name), cancel);
            return 0;
        });
        await using var pair = await LinkPair.OpenAsync(
            LinkPair.Options("desk", new MemorySharing()) with { Requests = Echo("desk") }, LinkPair.Options("laptop", new MemorySharing()) with { Requests = Echo("laptop") });
        var (a, b) = (pair.A.AskAsync(Tail, Streams(out var fromB, out _), default), pair.B.AskAsync(Tail, Streams(out var fromA, out _), default));
        await Task.WhenAll(a, b);
        Assert.Equal(("laptop", "desk"), (Text(fromB), Text(fromA)));
    }

    [Fact]
    public async Task An_error_arrives_as_it_was_thrown()
    {
        await using var pair = await ServedBy((_, _, _, _) => throw new SeshException("not-allowed", "desk may only read", "ask laptop's owner", 4));
        var error = await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(Tail, Streams(out _, out _), default));
        Assert.Equal(("not-allowed", "desk may only read", "ask laptop's owner", 4), (error.Code, error.Message, error.Hint, error.ExitCode));
    }

    [Fact]
    public async Task An_error_comes_behind_all_output()
    {
        await using var pair = await ServedBy(async (_, _, streams, cancel) =>
        {
            await streams.Output.WriteAsync(new byte[200_000], cancel);
            throw new SeshException("gone", "gone");
        });
        await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(Tail, Streams(out var output, out _), default));
        await pair.A.DisposeAsync();
    }

    [Fact]
    public async Task A_handler_that_breaks_ends_its_request_alone()
    {
        await using var pair = await ServedBy((request, _, _, _) => request.Verb == "tail" ? throw new InvalidOperationException("a bug") : Task.FromResult(0));
        Assert.Equal("internal", (await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(Tail, Streams(out _, out _), default))).Code);
        Assert.Equal(0, await pair.A.AskAsync(Tail with { Verb = "state" }, Streams(out _, out _), default));
    }

    [Fact]
    public async Task Who_stops_waiting_stops_the_handler()
    {
        var (started, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var pair = await ServedBy(async (_, _, _, cancel) =>
        {
            started.SetResult();
            await using var registration = cancel.Register(stopped.SetResult);
            await stopped.Task;
            cancel.ThrowIfCancellationRequested();
            return 0;
        });
        using var stop = new CancellationTokenSource();
        var asked = pair.A.AskAsync(Tail, Streams(out _, out _), stop.Token);
        await started.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(pair.A.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_broken_pipe_at_the_asker_stops_the_handler()
    {
        var stopped = new TaskCompletionSource();
        await using var pair = await ServedBy(async (_, _, streams, cancel) =>
        {
            await using var registration = cancel.Register(stopped.SetResult);
            await streams.Output.WriteAsync("line\n"u8.ToArray(), cancel);
            await stopped.Task;
            return 0;
        });
        using var closed = new MemoryStream([], writable: false);
        await Assert.ThrowsAnyAsync<NotSupportedException>(() => pair.A.AskAsync(Tail, new RequestStreams(Stream.Null, closed, Stream.Null), default));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_terminals_sizes_arrive_in_order()
    {
        var sizes = new List<int>();
        var (ready, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var pair = await ServedBy(async (_, _, streams, _) =>
        {
            streams.Sizes!.Changed += size =>
            {
                sizes.Add(size.Columns);
                if (size.Columns == 120)
                    done.SetResult();
            };
            ready.SetResult();
            await done.Task;
            return 0;
        });
        var terminal = new TerminalSizes();
        var asked = pair.A.AskAsync(Tail, Streams(out _, out _) with { Sizes = terminal }, default);
        await ready.Task;
        terminal.Report(new RequestTerminal(100, 30, "xterm"));
        terminal.Report(new RequestTerminal(120, 40, "xterm"));
        await asked;
        Assert.Equal([100, 120], sizes);
    }

    [Fact]
    public async Task A_link_that_breaks_fails_what_waits_and_stops_what_is_served()
    {
        var (started, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var pair = await ServedBy(async (_, _, streams, cancel) =>
        {
            await using var registration = cancel.Register(stopped.SetResult);
            await streams.Output.WriteAsync("half"u8.ToArray(), cancel);
            started.SetResult();
            await stopped.Task;
            return 0;
        });
        var asked = pair.A.AskAsync(Tail, Streams(out var output, out _), default);
        await started.Task;
        Until.True(() => output.Length == 4, "the first half");
        pair.AtA.Cut("Connection reset by peer");
        var error = await Assert.ThrowsAsync<SeshException>(() => asked);
        Assert.Equal("link-lost", error.Code);
        Assert.Contains("Connection reset by peer", error.Message);
        Assert.Equal("half", Text(output));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("Connection reset by peer", await pair.B.Ended);
        Assert.Equal("link-lost", (await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(Tail, Streams(out _, out _), default))).Code);
        Assert.Equal("link-lost", (await Assert.ThrowsAsync<SeshException>(() => pair.A.SyncAsync(default))).Code);
    }

    [Fact]
    public async Task Nobody_to_serve_is_an_error_and_no_hang()
    {
        await using var pair = await LinkPair.OpenAsync(new MemorySharing(), new MemorySharing());
        Assert.Equal("not-allowed", (await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(Tail, Streams(out _, out _), default))).Code);
    }

    [Fact]
    public async Task More_requests_than_allowed_are_told_so_and_the_others_go_on()
    {
        var release = new TaskCompletionSource();
        await using var pair = await ServedBy(async (_, _, _, _) =>
        {
            await release.Task;
            return 7;
        });
        var asked = Enumerable.Range(0, Limits.Requests).Select(_ => pair.A.AskAsync(Tail, Streams(out var _, out var _), default)).ToList();
        Assert.Equal("busy", (await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(Tail, Streams(out _, out _), default))).Code);
        release.SetResult();
        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(7, status));
    }

    [Fact]
    public async Task Too_many_words_are_refused_before_they_are_sent()
    {
        await using var pair = await ServedBy((_, _, _, _) => Task.FromResult(0));
        var most = Tail with { Arguments = [new string('x', Request.MaxBytes - 4)] };
        Assert.Equal(0, await pair.A.AskAsync(most, Streams(out _, out _), default));
        var more = Tail with { Arguments = [new string('x', Request.MaxBytes)] };
        Assert.Equal("too-large", (await Assert.ThrowsAsync<SeshException>(() => pair.A.AskAsync(more, Streams(out _, out _), default))).Code);
    }

    [Fact]
    public async Task Disposing_a_link_waits_until_its_handlers_are_gone()
    {
        var started = new TaskCompletionSource();
        var gone = false;
        var pair = await ServedBy(async (_, _, _, cancel) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                gone = true;
            }

            return 0;
        });
        var asked = pair.A.AskAsync(Tail, Streams(out _, out _), default);
        await started.Task;
        await pair.B.DisposeAsync();
        Assert.True(gone);
        await Assert.ThrowsAsync<SeshException>(() => asked);
        Assert.Null(await pair.A.Ended);
        await pair.DisposeAsync();
    }
}
