namespace Sesh.Sessions.Driving;

internal enum TurnResult : byte
{
    /// <summary>The turn is over; the reply is all that the agent said in it.</summary>
    Answered,

    /// <summary>The message is taken up, and nobody waited for more.</summary>
    Taken,

    /// <summary>It was a command of the agent's own, which is idle again without a turn.</summary>
    NoTurn,

    /// <summary>The agent waits for a permission or an answer: the question is what it asks.</summary>
    Blocked,
}

/// <summary>What came of a message.</summary>
/// <param name="Text">The reply, or the question; empty for <see cref="TurnResult.Taken"/>.</param>
/// <param name="IsCut">The reply was longer than any that is kept: the text is its beginning.</param>
internal sealed record Outcome(TurnResult Result, string Text, bool IsCut = false);
