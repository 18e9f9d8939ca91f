using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>
/// What a process was given as standard input and output: the dialled end of a connection. Nothing else in the process may use either. Both are set not to
/// block, which whoever else holds the same open file would see: they are for connections, not for terminals.
/// </summary>
public sealed class StandardConnection : IConnection
{
    private readonly PolledStream _input = new(0);
    private readonly PolledStream _output = new(1);
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StandardConnection() => Input = new NoticedInput(_input, _ended);

    public Stream Input { get; }

    public Stream Output => _output;

    public string Description => "standard input and output";

    public Task<string?> Ended => _ended.Task;

    public ValueTask DisposeAsync()
    {
        _input.Dispose();
        _output.Dispose();
        _ended.TrySetResult(null);
        return ValueTask.CompletedTask;
    }
}
