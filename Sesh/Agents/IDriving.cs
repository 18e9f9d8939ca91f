using Sesh.Processes;

namespace Sesh.Agents;

/// <summary>What a pane shows to somebody who wants to type into it.</summary>
internal sealed record PaneFace(string Title, StyledScreen Screen);

/// <summary>One turn without a terminal.</summary>
/// <param name="AgentId">The id to resume, or to be born with; empty where the agent chooses.</param>
/// <param name="TranscriptPath">Of the session to resume; null for a new one.</param>
/// <param name="ReadOnly">Nothing on this machine may be changed by it, as far as the agent has a way to say so.</param>
/// <param name="Ephemeral">The agent is to keep nothing of it.</param>
internal sealed record HeadlessRequest(
    string Binary, string AgentId, string? TranscriptPath, string Cwd, string? Model, string Name, bool ReadOnly, bool Ephemeral, IReadOnlyList<string> ExtraArguments);

/// <summary>Reads what a headless agent prints, line by line.</summary>
internal interface IHeadlessReader
{
    /// <summary>The agent's own id, as soon as it is told; empty until then.</summary>
    string AgentId { get; }

    /// <summary>All that the agent said in the turn.</summary>
    string Reply { get; }

    /// <summary>It said more than <see cref="TranscriptLimits.Reply"/>.</summary>
    bool IsCut { get; }

    /// <summary>Why the turn failed, in the agent's words; empty where it did not.</summary>
    string Failure { get; }

    /// <summary>It said that the turn is over, well or not.</summary>
    bool HasEnded { get; }

    /// <summary>One line without its newline. Never throws: what it cannot read it passes over.</summary>
    void Feed(ReadOnlySpan<byte> line);
}

/// <summary>
/// Follows one turn in a transcript: the one that a given message began. Fed with the lines written since the message was typed; those of other turns, sub-agents and
/// other branches do not count.
/// </summary>
internal interface ITurnReader
{
    /// <summary>The message is in the transcript.</summary>
    bool IsTaken { get; }

    /// <summary><see cref="TurnEnd.Open"/> until it is over.</summary>
    TurnEnd End { get; }

    /// <summary>The end is certain by the transcript alone; else it counts once the agent is seen idle.</summary>
    bool IsSettled { get; }

    /// <summary>All that the agent said in the turn.</summary>
    string Reply { get; }

    /// <summary>It said more than <see cref="TranscriptLimits.Reply"/>.</summary>
    bool IsCut { get; }

    /// <summary>Why it failed, in the agent's words.</summary>
    string Failure { get; }

    /// <summary>One line without its newline. Never throws.</summary>
    void Feed(ReadOnlySpan<byte> line);
}

/// <summary>How one kind of agent is driven: typed to in a pane, and run for a turn without one.</summary>
internal interface IDriving
{
    /// <summary>The longest message it takes, in UTF-16 units.</summary>
    int LongestMessage { get; }

    /// <summary>A new session's transcript appears only when its first turn is over.</summary>
    bool WritesFirstTurnLate { get; }

    /// <summary>Keys that, pressed often enough, empty the input box, and do nothing where it is empty.</summary>
    IReadOnlyList<string> ClearingKeys { get; }

    /// <summary>The message as it must be pasted, so that it is a message to the agent and nothing else.</summary>
    /// <exception cref="Sync.SeshException">There is no such way.</exception>
    string Typed(string message);

    /// <summary>The dialog that the pane shows and that is no question of a turn: <c>asks whether to trust the folder</c>. Null for none.</summary>
    string? Dialog(PaneFace pane);

    /// <summary>What stands in the input box, not counting what the agent itself puts there as a hint; null where no input box is to be seen.</summary>
    string? Draft(StyledScreen screen);

    ITurnReader NewTurnReader(string message);

    /// <summary>Typed, it has the agent make its context shorter.</summary>
    string CompactCommand => "/compact";

    /// <summary>Does this line of a transcript say that the context was made shorter? Never throws.</summary>
    bool TellsOfCompaction(ReadOnlySpan<byte> line);

    /// <summary>The message comes on standard input: an argument could be taken for an option or a file, and holds 128 KB at most.</summary>
    LaunchPlan Headless(HeadlessRequest request);

    IHeadlessReader NewHeadlessReader();

    /// <summary>Did it refuse because another process holds the session?</summary>
    bool IsHeldElsewhere(string complaint) => false;

    /// <summary>The command that hands a message to a session that is live somewhere without a pane; null where there is no such door to it.</summary>
    LaunchPlan? Queue(string binary, LiveAgent live, IProcesses processes, string message) => null;
}
