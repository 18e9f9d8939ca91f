using Sesh.Processes;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>
/// A program of ours on a terminal that another machine looks at: what it shows goes there, what is typed there comes here, and the size is that of the asker's. Both ways are bounded by the
/// request's credit: who does not read stops the program as a stopped terminal would.
/// </summary>
internal sealed class TerminalRun(PtyChild child, RequestStreams streams)
{
    /// <summary>What is still to be shown once the program has ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>To the program's end. Cancelled, it is hung up on, as by a terminal that went away: a tmux client detaches, and what runs in tmux goes on.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        void Resize(RequestTerminal size) => child.Resize(size.Columns, size.Rows);
        if (streams.Sizes is not null)
            streams.Sizes.Changed += Resize;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var stopping = over.Token.Register(child.Stop);
        var showing = Task.Factory.StartNew(Show, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var typing = TypeAsync(over.Token);
        try
        {
            var status = await child.Ended.WaitAsync(cancel).ConfigureAwait(false);
            await showing.WaitAsync(LastWords, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return status;
        }
        finally
        {
            if (streams.Sizes is not null)
                streams.Sizes.Changed -= Resize;
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(showing, typing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Show()
    {
        var buffer = new byte[16 << 10];
        while (child.Read(buffer) is > 0 and var count)
            // Throws where nobody waits any more.
            streams.Output.WriteAsync(buffer.AsMemory(0, count)).AsTask().GetAwaiter().GetResult();
    }

    private async Task TypeAsync(CancellationToken cancel)
    {
        var buffer = new byte[4 << 10];
        while (await streams.Input.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var count)
        {
            if (!child.Write(buffer.AsSpan(0, count)))
                return;
        }
    }
}
