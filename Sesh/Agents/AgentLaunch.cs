namespace Sesh.Agents;

/// <summary>The part of a launch that is the same for every agent.</summary>
internal static class AgentLaunch
{
    /// <param name="id">The agent's id if it is known before the start; else empty.</param>
    /// <param name="folders">The agent's own folder variables, carried on where set.</param>
    public static LaunchPlan Plan(string agent, LaunchRequest request, List<string> arguments, string id, AgentEnvironment environment, params ReadOnlySpan<string> folders)
    {
        AgentArguments.Add(arguments, "--model", request.Model);
        arguments.AddRange(request.ExtraArguments);
        var set = new Dictionary<string, string>();
        if (id.Length > 0)
        {
            set[BornIdentity.Variable] = BornIdentity.Value(agent, id);
        }

        foreach (var folder in folders)
        {
            if (environment[folder] is { } value)
            {
                set[folder] = environment.Expand(value);
            }
        }

        return new LaunchPlan(arguments, set, HarnessVariables.Names, request.Cwd);
    }
}
