using Sesh.Sync.Documents;

namespace Sesh.Sessions.Driving;

/// <summary>What a runner is to do, as words of its command line. The message is its standard input, the session's turn an open file that it is handed.</summary>
/// <param name="Birth">The operation that recorded the session for this turn; undone where the turn fails. Empty for a session that was there.</param>
internal sealed record TurnOrder(SessionId Session, string Binary, string? Model, bool ReadOnly, string Birth, IReadOnlyList<string> ExtraArguments)
{
    public const string Verb = "__turn";

    public IReadOnlyList<string> Words(string home)
    {
        List<string> words = ["--home", home, Verb, Session.ToString(), "--binary", Binary];
        if (Model is not null)
            words.Add($"--model={Model}");
        if (ReadOnly)
            words.Add("--read-only");
        if (Birth.Length > 0)
            words.AddRange(["--birth", Birth]);
        return ExtraArguments.Count == 0 ? words : [.. words, "--", .. ExtraArguments];
    }
}
