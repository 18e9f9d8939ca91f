namespace Sesh.Sync;

/// <summary>A selector that fits several things; each is listed, so that the next try can be right.</summary>
public sealed class AmbiguousException(string message, IReadOnlyList<string> candidates, string? hint = null) : SeshException("ambiguous", message, hint)
{
    public IReadOnlyList<string> Candidates { get; } = candidates;
}
