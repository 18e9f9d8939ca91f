namespace Sesh.Sessions.Doctor;

internal enum Health : byte
{
    Ok,
    Warn,
    Fail,
}

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Subject">What was looked at: <c>config</c>, <c>home</c>, <c>tmux</c>, …</param>
/// <param name="Remedy">The next step; null where none is needed.</param>
/// <param name="Repair">What <c>--repair --yes</c> does about it; null where that is for a person.</param>
internal sealed record Finding(Health Health, string Subject, string Message, string? Remedy = null, Repair? Repair = null)
{
    public static Finding Ok(string subject, string message) => new(Health.Ok, subject, message);

    public static Finding Warn(string subject, string message, string? remedy = null, Repair? repair = null) => new(Health.Warn, subject, message, remedy, repair);

    public static Finding Fail(string subject, string message, string? remedy = null, Repair? repair = null) => new(Health.Fail, subject, message, remedy, repair);
}

/// <summary>A repair that cannot lose anything.</summary>
/// <param name="What">As an imperative: <c>set its mode to 0700</c>.</param>
/// <param name="Do">Throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/> or <see cref="Sync.SeshException"/>.</param>
internal sealed record Repair(string What, Action Do);
