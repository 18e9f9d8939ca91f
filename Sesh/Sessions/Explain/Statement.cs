namespace Sesh.Sessions.Explain;

/// <summary>One saying about one field of a session.</summary>
/// <param name="Field">As in the record: <c>name</c>, <c>tag x</c>, <c>turnStatus</c>, …</param>
/// <param name="Shows">It is what the record shows; false: it is held, and something else shows.</param>
/// <param name="By">The machine that says so; empty where nobody does.</param>
/// <param name="Evidence">What it rests on: the kind, and which file, pid, title… or the entry's name.</param>
/// <param name="At">Milliseconds since 1970 UTC by the clock named; 0 where the evidence has no time.</param>
/// <param name="Clock">Whose clock that is.</param>
/// <param name="OverriddenBy">What takes its place, or has taken it.</param>
internal sealed record Statement(string Field, string Value, bool Shows, string By, string Evidence, long At, string Clock, string OverriddenBy);
