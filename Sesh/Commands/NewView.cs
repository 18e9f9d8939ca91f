using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sessions.Driving;

namespace Sesh.Commands;

/// <summary>A session just begun, or the plan for one.</summary>
internal static class NewView
{
    /// <summary>Without an outcome the session, or the plan where nothing was started; else what came of its first message.</summary>
    /// <returns>The exit status.</returns>
    public static int Print(Printer output, NewSessionPlan plan, StartedSession? started, Outcome? outcome)
    {
        if (output.Json)
        {
            output.WriteJson(json => Write(json, plan, started, outcome));
            return OutcomeView.Status(output, plan.Uuid, outcome);
        }

        if (outcome is not null)
            return OutcomeView.Print(output, plan.Uuid, outcome);

        if (started is not null)
        {
            output.Line(plan.Uuid.ToString());
            return 0;
        }

        output.Line($"would record {plan.Birth.Agent} session {plan.Uuid} in {plan.Birth.Cwd}{(plan.Private ? ", private" : "")}");
        if (plan is { Plan: { } launch, Target: { } target })
            output.Line($"would open a window in {target} and run: {string.Join(' ', launch.Arguments.Select(Quoted))}");
        return 0;
    }

    private static void Write(JsonWriter json, NewSessionPlan plan, StartedSession? started, Outcome? outcome)
    {
        json.StartObject();
        json.Property("uuid"u8, plan.Uuid);
        json.Property("agent"u8, plan.Birth.Agent);
        json.Property("agentSessionId"u8, started?.AgentSessionId ?? plan.Birth.AgentSessionId);
        json.Property("name"u8, plan.Birth.Name);
        json.Property("cwd"u8, plan.Birth.Cwd);
        json.Name("tags"u8);
        Array(json, plan.Birth.Tags);
        json.Property("private"u8, plan.Private);
        json.Property("target"u8, plan.Target?.ToString());
        json.Name("arguments"u8);
        Array(json, plan.Plan?.Arguments ?? []);
        json.Name("tmux"u8);
        TmuxJson.Write(json, started?.Tmux);
        if (outcome is not null)
            OutcomeView.Write(json, outcome);
        json.EndObject();
    }

    private static void Array(JsonWriter json, IReadOnlyList<string> texts)
    {
        json.StartArray();
        foreach (var text in texts)
            json.Value(text);
        json.EndArray();
    }

    /// <summary>As a shell would take it, so that the plan can be tried by hand.</summary>
    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/' or '.' or '=' or ':' or ',' or '@' or '+')
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
