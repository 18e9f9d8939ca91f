using Sesh.Sync;
using Sesh.Sync.Transports;

namespace Sesh.Sessions.Mesh;

/// <summary>A machine that is being set up, through its shell and its own sesh; each call is a command there.</summary>
internal sealed class RemoteMachine(Peer peer, TransportOptions options, CancellationToken cancel)
{
    public Peer Peer => peer;

    /// <summary>What a script for sh prints. Without single quotes, backslashes, line ends and <c>!</c>.</summary>
    /// <exception cref="SeshException">It fails, or is not reached.</exception>
    public string Run(string script, Stream? input = null) => Succeeded(Transport.RunAsync(peer, options, script, input, cancel).GetAwaiter().GetResult(), "a command");

    /// <summary>What its sesh prints.</summary>
    public string Sesh(string words, Stream? input = null) => Succeeded(TrySesh(words, input), $"sesh {words}");

    /// <summary>The same, whatever its exit status.</summary>
    public RemoteRun TrySesh(string words, Stream? input = null) => Transport.RunSeshAsync(peer, options, words, input, cancel).GetAwaiter().GetResult();

    private string Succeeded(RemoteRun run, string what) => run.Status == 0 ? run.Output
        : throw new SeshException("remote-failed", $"{what} failed on {peer.Name}: {Last(run)}", $"look there: {peer.Ssh()}");

    private static string Last(RemoteRun run)
    {
        var line = run.Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"status {run.Status}";
        return line.StartsWith("sesh: ", StringComparison.Ordinal) ? line["sesh: ".Length..] : line;
    }
}
