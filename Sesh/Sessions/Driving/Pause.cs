namespace Sesh.Sessions.Driving;

/// <summary>Between two looks.</summary>
internal static class Pause
{
    /// <exception cref="OperationCanceledException"/>
    public static void For(TimeSpan time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (cancel.WaitHandle.WaitOne(time))
            throw new OperationCanceledException(cancel);
    }
}
