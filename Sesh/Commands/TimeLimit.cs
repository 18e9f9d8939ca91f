using System.Globalization;

namespace Sesh.Commands;

/// <summary>Ends a wait after some time, or when the user wants it ended.</summary>
internal sealed class TimeLimit : IDisposable
{
    public const int ExitCode = 124;

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _user;

    /// <param name="limit">Null or zero for none.</param>
    public TimeLimit(TimeSpan? limit, CancellationToken user)
    {
        _user = user;
        _source = CancellationTokenSource.CreateLinkedTokenSource(user);
        if (limit is { } some && some > TimeSpan.Zero)
            _source.CancelAfter(some.TotalMilliseconds < int.MaxValue ? some : TimeSpan.FromMilliseconds(int.MaxValue));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>It was the time that ended it, not the user.</summary>
    public bool HasPassed => _source.IsCancellationRequested && !_user.IsCancellationRequested;

    /// <summary>As an option takes it.</summary>
    public static string Text(TimeSpan limit) => limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    public void Dispose() => _source.Dispose();
}
