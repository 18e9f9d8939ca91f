namespace Sesh.Tests.Store;

/// <summary>A clock that stands where the test sets it.</summary>
internal sealed class SetClock(long milliseconds = SetClock.Start) : TimeProvider
{
    public const long Start = 1_760_000_000_000;

    public long Milliseconds { get; set; } = milliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
}
