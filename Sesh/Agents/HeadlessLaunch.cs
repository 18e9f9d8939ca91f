namespace Sesh.Agents;

/// <summary>The part of a turn without a terminal that is the same for every agent.</summary>
internal static class HeadlessLaunch
{
    /// <param name="folders">The agent's own folder variables.</param>
    public static LaunchPlan Plan(string agent, HeadlessRequest request, List<string> arguments, AgentEnvironment environment, params ReadOnlySpan<string> folders)
    {
        var id = request.Ephemeral ? "" : request.AgentId;
        var launch = new LaunchRequest(request.Binary, id, request.Cwd, request.Model, request.Name, request.TranscriptPath, request.ExtraArguments);
        var plan = AgentLaunch.Plan(agent, launch, arguments, id, environment, folders);
        return plan with { Set = new Dictionary<string, string>(plan.Set) { [BornIdentity.OneTurnVariable] = BornIdentity.Value(agent, id) } };
    }
}
