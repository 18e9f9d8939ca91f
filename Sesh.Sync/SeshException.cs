namespace Sesh.Sync;

/// <summary>
/// A failure the user can cause or mend: printed as one line with a hint, never as a stack trace. <see cref="Code"/> is a stable word for
/// scripts (<c>not-found</c>, <c>ambiguous</c>, <c>home-unwritable</c>, …).
/// </summary>
public class SeshException(string code, string message, string? hint = null, int exitCode = 1, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;

    /// <summary>The next step, as an imperative without a full stop; null where there is none.</summary>
    public string? Hint { get; } = hint;

    public int ExitCode { get; } = exitCode;
}
