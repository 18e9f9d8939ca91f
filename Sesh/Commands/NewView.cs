using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sessions.Driving;

namespace Sesh.Commands;

/// <summary>A session just begun, or the plan for one.</summary>
internal static class NewView
{
    /// <summary>Without an outcome the session; else what came of its first message.</summary>
    /// <param name="started">Null: its first turn was without a terminal.</param>
    /// <returns>The exit status.</returns>
    public static int Print(Printer output, NewSessionPlan plan, StartedSession? started, Outcome? outcome)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartObject();
                Write(json, plan, started);
                if (outcome is not null)
                    OutcomeView.Write(json, outcome);
                json.EndObject();
            });
            return OutcomeView.Status(output, plan.Uuid, outcome);
        }

        if (outcome is not null)
            return OutcomeView.Print(output, plan.Uuid, outcome);
        output.Line(plan.Uuid.ToString());
        return 0;
    }

    /// <summary>What would be done.</summary>
    /// <param name="plan">With a launch and no target: the first turn without a terminal.</param>
    /// <param name="message">What it would be told first; null for nothing.</param>
    /// <param name="waits">For the answer.</param>
    public static void Planned(Printer output, NewSessionPlan plan, string? message, bool waits)
    {
        var isTyped = plan.Target is not null;
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartObject();
                Write(json, plan, null);
                if (message is not null)
                {
                    json.Property("message"u8, message);
                    json.Property("delivery"u8, isTyped ? "typed" : "headless");
                    json.Property("wait"u8, waits);
                }

                json.EndObject();
            });
            return;
        }

        output.Line($"would record {plan.Birth.Agent} session {plan.Uuid} in {plan.Birth.Cwd}{(plan.Private ? ", private" : "")}");
        if (plan.Plan is { } launch)
        {
            var command = string.Join(' ', launch.Arguments.Select(Quoted));
            output.Line(isTyped ? $"would open a window in {plan.Target} and run: {command}" : $"would run one turn without a terminal, with the message on standard input: {command}");
        }

        if (message is not null)
            output.Line($"would {(isTyped ? "type" : "say")} and {(waits ? "wait for the answer" : "return when it is taken up")}: {Quoted(message)}");
    }

    private static void Write(JsonWriter json, NewSessionPlan plan, StartedSession? started)
    {
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
