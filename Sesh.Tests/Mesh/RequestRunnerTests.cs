using System.Text;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Mesh;

/// <summary>What becomes of a request's process, with a shell in the place of sesh.</summary>
public sealed class RequestRunnerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly RequestRunner _runner = new("/bin/sh", "/home/of/sesh", "/usr");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_knows_who_asks_and_where_its_home_is_and_nothing_of_where_we_were_started()
    {
        Environment.SetEnvironmentVariable("TMUX", "/tmp/mine,1,0");
        Environment.SetEnvironmentVariable("SESH_SESSION_ID", "mine");
        try
        {
            var (status, output, error) = await RunAsync("echo $SESH_HOME $SESH_REQUEST_FROM $SESH_REQUEST_SCREEN; echo \"$TMUX$SESH_SESSION_ID\" >&2; pwd; cat; exit 5", new RequestScreen(120, true, false), "typed");
            Assert.Equal((5, "/home/of/sesh beta 120,1,0\n/usr\ntyped", "\n"), (status, output, error));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMUX", null);
            Environment.SetEnvironmentVariable("SESH_SESSION_ID", null);
        }
    }

    [Fact]
    public async Task A_child_of_its_own_that_keeps_the_output_open_holds_up_nobody()
    {
        var (status, output, _) = await RunAsync("sleep 60 & echo done; exit 0").WaitAsync(Long, Cancel);
        Assert.Equal((0, "done\n"), (status, output));
    }

    [Fact]
    public async Task All_it_said_comes_however_slowly_it_is_read()
    {
        var slow = new Slow();
        var status = await _runner.RunAsync(["-c", "head -c 300000 /dev/zero; exit 0"], "beta", null, new RequestStreams(Stream.Null, slow, Stream.Null), Cancel);
        Assert.Equal((0, 300_000), (status, slow.Count));
    }

    [Fact]
    public async Task A_reader_that_breaks_ends_it()
    {
        var broken = new Slow { Breaks = true };
        await Assert.ThrowsAnyAsync<Exception>(() =>
            _runner.RunAsync(["-c", "while :; do echo on; done"], "beta", null, new RequestStreams(Stream.Null, broken, Stream.Null), Cancel).WaitAsync(Long, Cancel));
    }

    [Fact]
    public async Task A_program_that_is_gone_is_an_error_with_a_next_step()
    {
        var runner = new RequestRunner("/nowhere/sesh", "/tmp", "/");
        var failure = await Assert.ThrowsAsync<SeshException>(() => runner.RunAsync([], "beta", null, new RequestStreams(Stream.Null, Stream.Null, Stream.Null), Cancel));
        Assert.Equal("exec", failure.Code);
    }

    [Theory]
    [InlineData(null, 0, false, false)]
    [InlineData("120,1,0", 120, true, false)]
    [InlineData("x,1,1", 0, false, false)]
    [InlineData("1,2", 0, false, false)]
    public void A_screen_is_read_back_or_is_a_pipe(string? text, int columns, bool color, bool notes) =>
        Assert.Equal(new RequestScreen(columns, color, notes), RequestRunner.ReadScreen(text));

    private async Task<(int Status, string Output, string Error)> RunAsync(string script, RequestScreen? screen = null, string input = "")
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var typed = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var status = await _runner.RunAsync(["-c", script], "beta", screen, new RequestStreams(typed, output, error), Cancel);
        return (status, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private sealed class Slow : Stream
    {
        public long Count { get; private set; }

        public bool Breaks { get; init; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Breaks)
                throw new IOException("nobody reads");
            await Task.Delay(100, cancellationToken);
            Count += buffer.Length;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
