using Sesh.Agents;
using Sesh.Sync.Documents;

namespace Sesh.Sessions;

/// <summary>What <c>new</c> was asked for.</summary>
/// <param name="Binary">The agent's program, looked up already; empty where nothing is to be launched.</param>
/// <param name="Cwd">As given; null for the current folder.</param>
/// <param name="Target">As given: <c>socket:session</c>.</param>
/// <param name="Model">The one that counts: <c>--model</c>, else the configuration's; null for the agent's own.</param>
/// <param name="SessionId">As given.</param>
/// <param name="Options">Names of the options given, for the operation log.</param>
internal sealed record NewSession(
    IAgent Agent,
    string Binary,
    string Name,
    IReadOnlyList<string> Tags,
    string? Cwd,
    string? Target,
    string? Model,
    string? SessionId,
    bool Private,
    bool Launch,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Options);

/// <summary>What <c>new</c> will do, and <c>--dry-run</c> shows.</summary>
/// <param name="Target">Null, with <paramref name="Plan"/>, where nothing is launched.</param>
internal sealed record NewSessionPlan(Birth Birth, IAgent Agent, bool Private, TmuxTarget? Target, LaunchPlan? Plan, IReadOnlyList<string> Options)
{
    public SessionId Uuid => Birth.Uuid;

    /// <summary>What its window is called.</summary>
    public string Window => Birth.Name.Length > 0 ? Birth.Name : Birth.Agent;
}
