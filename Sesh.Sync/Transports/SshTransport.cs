using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>What both transports do the same way once they can start a program on a peer.</summary>
internal abstract class SshTransport(TransportOptions options) : ITransport
{
    // A remote shell's start-up files may take their time; a machine that took the connection and says nothing is as good as not there.
    private const int AnswerFactor = 3;

    private const int MostNoise = 64 << 10;

    public TransportOptions Options { get; } = options;

    public async Task<IConnection> ConnectAsync(Peer peer, CancellationToken cancel)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var patience = Options.ConnectWithin * AnswerFactor;
        timed.CancelAfter(patience);
        try
        {
            // A way that is open already; whatever is wrong with it, a new one may be right.
            if (StartWarm(peer, RemoteCommand.Serve(peer)) is { } warm && await GreetAsync(peer, warm, end => end.Failure is not null, timed.Token).ConfigureAwait(false) is { } open)
                return open;
            var host = await HostResolution.ResolveAsync(peer, Options, timed.Token).ConfigureAwait(false);
            var program = await StartAsync(peer, host, RemoteCommand.Serve(peer), timed.Token).ConfigureAwait(false);
            return (await GreetAsync(peer, program, _ => false, timed.Token).ConfigureAwait(false))!;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw OpenSshFailure.Unreachable($"{peer.Name} ({peer.Destination})", $"no answer within {patience.TotalSeconds:0} s", "is it on, and is the network the right one?");
        }
    }

    /// <summary>Runs a command of the peer's to its end.</summary>
    /// <param name="command">For its login shell; see <see cref="RemoteCommand"/>.</param>
    /// <param name="input">Copied to its standard input; null for none.</param>
    /// <exception cref="SeshException">It could not be run, or the connection broke. What it itself says and does is the answer.</exception>
    public async Task<RemoteRun> RunAsync(Peer peer, string command, Stream? input, CancellationToken cancel)
    {
        var host = await HostResolution.ResolveAsync(peer, Options, cancel).ConfigureAwait(false);
        var program = await StartAsync(peer, host, command, cancel).ConfigureAwait(false);
        await using (program.ConfigureAwait(false))
        {
            using var output = new MemoryStream();
            var reading = program.Output.CopyToAsync(output, cancel);
            await FeedAsync(program.Input, input, cancel).ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            var end = await program.Ended.WaitAsync(cancel).ConfigureAwait(false);
            return end.Status is { } status ? new RemoteRun(status, System.Text.Encoding.UTF8.GetString(output.ToArray()), end.LastWords) : throw Explain(peer, end);
        }
    }

    /// <summary>By a connection that a command before has left open; null where there is none.</summary>
    protected virtual IRemoteProgram? StartWarm(Peer peer, string command) => null;

    /// <exception cref="SeshException">As of <see cref="ITransport.ConnectAsync"/>; or <see cref="IRemoteProgram.Ended"/> tells it.</exception>
    protected abstract Task<IRemoteProgram> StartAsync(Peer peer, ResolvedHost host, string command, CancellationToken cancel);

    /// <summary>Why there is no <c>sesh serve</c> at the other end.</summary>
    internal static SeshException Explain(Peer peer, RemoteEnd end)
    {
        if (end.Failure is { } failure)
            return failure;
        if (end.Status == RemoteCommand.NotFound && end.LastWords.Contains(RemoteCommand.NotFoundMark, StringComparison.Ordinal))
        {
            return new SeshException(
                "no-sesh-there", $"{peer.Name} has no sesh{(peer.RemoteSesh is { } path ? $" at {path}" : ", neither on the PATH of its ssh logins nor in ~/.local/bin")}",
                $"install it there: {peer.Sesh("install")}; or say where it is with --remote-sesh");
        }

        return new SeshException(
            "remote-failed", $"sesh on {peer.Name} ended with status {end.Status}: {SshWords.Last(end.LastWords)}", $"look there: {peer.Ssh()} sesh doctor");
    }

    // Owns the program. Null where it ended in a way that is not to count.
    private static async Task<IConnection?> GreetAsync(Peer peer, IRemoteProgram program, Predicate<RemoteEnd> passes, CancellationToken cancel)
    {
        var isOurs = true;
        try
        {
            if (await GreetingAsync(program.Output, cancel).ConfigureAwait(false) is { } greeting)
            {
                isOurs = false;
                return new ServeConnection(peer, program, greeting);
            }

            var end = await program.Ended.WaitAsync(cancel).ConfigureAwait(false);
            return passes(end) ? null : throw Explain(peer, end);
        }
        finally
        {
            if (isOurs)
                await program.DisposeAsync().ConfigureAwait(false);
        }
    }

    // What came, from the first byte on, once sesh has spoken; null where the end came before. Until then it may be the remote shell that speaks, and it may be
    // all that ever will: then how it ended tells more than any link could.
    private static async Task<ReadOnlyMemory<byte>?> GreetingAsync(Stream output, CancellationToken cancel)
    {
        var buffer = new byte[MostNoise];
        var length = 0;
        while (length < buffer.Length)
        {
            var count = await output.ReadAsync(buffer.AsMemory(length), cancel).ConfigureAwait(false);
            if (count == 0)
                return null;
            var from = Math.Max(0, length - FrameReader.Magic.Length);
            length += count;
            if (buffer.AsSpan(from, length - from).IndexOf(FrameReader.Magic) >= 0)
                break;
        }

        // Where it never came, the link says what was heard instead.
        return buffer.AsMemory(0, length);
    }

    private static async Task FeedAsync(Stream to, Stream? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null)
                await input.CopyToAsync(to, cancel).ConfigureAwait(false);
            await to.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended without reading all; its status tells.
        }
    }
}

/// <summary>What a command on a peer came to.</summary>
/// <param name="Error">The end of its standard error.</param>
public sealed record RemoteRun(int Status, string Output, string Error);
