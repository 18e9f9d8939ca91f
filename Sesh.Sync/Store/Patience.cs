namespace Sesh.Sync.Store;

/// <summary>Waits between two looks at a lock: a millisecond at first, ten in the end.</summary>
internal struct Patience
{
    private const int Longest = 10;

    private int _looks;

    /// <exception cref="OperationCanceledException"/>
    public void Once(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (cancel.WaitHandle.WaitOne(Math.Min(1 + _looks++ / 8, Longest)))
            throw new OperationCanceledException(cancel);
    }
}
