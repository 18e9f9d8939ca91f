using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>A running <c>sesh serve</c>.</summary>
internal sealed class ServeConnection(Peer peer, IRemoteProgram program, ReadOnlyMemory<byte> first) : IConnection
{
    public Stream Input { get; } = new BegunStream(first, program.Output);

    public Stream Output => program.Input;

    public string Description => $"ssh {peer.Destination}";

    public Task<string?> Ended { get; } = EndAsync(peer, program);

    public ValueTask DisposeAsync() => program.DisposeAsync();

    private static async Task<string?> EndAsync(Peer peer, IRemoteProgram program)
    {
        var end = await program.Ended.ConfigureAwait(false);
        return end is { Failure: null, Status: 0 } ? null : SshTransport.Explain(peer, end).Message;
    }
}
