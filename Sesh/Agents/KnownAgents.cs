using Sesh.Agents.Claude;
using Sesh.Agents.Codex;
using Sesh.Agents.Pi;

namespace Sesh.Agents;

/// <summary>The three agents sesh knows, in the order lists show them.</summary>
internal static class KnownAgents
{
    public static IReadOnlyList<IAgent> In(AgentEnvironment environment) =>
        [new ClaudeAgent(environment), new CodexAgent(environment), new PiAgent(environment)];
}
