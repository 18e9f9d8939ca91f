using System.ComponentModel;
using Sesh.Config;
using Sesh.Processes;

namespace Sesh.Sessions.Hooks;

/// <summary>A hook's command run for an edge: by the user's shell, what happened in its environment, so that no name or path is ever code.</summary>
internal static class HookCommand
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int LongestOutput = 64 << 10;

    public static bool Wants(HookSetting hook, Edge edge) =>
        hook.Event == edge.Event
        && (hook.From is null || hook.From == edge.From)
        && (hook.To is null || hook.To == edge.To)
        && (hook.Agent is null || hook.Agent == edge.Session.Agent)
        && (hook.Machine is null || hook.Machine == edge.Session.Machine)
        && (hook.Tag is null || edge.Session.Tags.Contains(hook.Tag));

    public static IReadOnlyDictionary<string, string> Environment(Edge edge) => new Dictionary<string, string>
    {
        ["SESH_EVENT"] = edge.Event,
        ["SESH_EVENT_FROM"] = Clean(edge.From),
        ["SESH_EVENT_TO"] = Clean(edge.To),
        ["SESH_SESSION_ID"] = edge.Session.Uuid.ToString(),
        ["SESH_SESSION_NAME"] = Clean(edge.Session.Name),
        ["SESH_AGENT"] = Clean(edge.Session.Agent),
        ["SESH_SESSION_MACHINE"] = Clean(edge.Session.Machine),
        ["SESH_CWD"] = Clean(edge.Session.Cwd),
        ["SESH_TAGS"] = Clean(string.Join(',', edge.Session.Tags)),
        ["SESH_ARCHIVED"] = edge.Session.Archived ? "true" : "false",
        ["SESH_STATUS"] = SessionView.Word(edge.Session.Status),
        ["SESH_LIVE"] = edge.Session.Live ? "true" : "false",
        ["SESH_QUESTION"] = Clean(edge.Session.Question),
    };

    /// <summary>Waits for its end; after <see cref="Patience"/> it and all it started are ended.</summary>
    /// <exception cref="Win32Exception">There is no shell to run it by.</exception>
    public static CommandResult Run(HookSetting hook, Edge edge, string? shell, CancellationToken cancel)
    {
        var program = shell is { Length: > 0 } && Programs.IsExecutable(shell) ? shell : "/bin/sh";
        return BoundedChild.Run(program, ["-c", hook.Command], ProcessEnvironment.Edited(Environment(edge), ["SESH_AGENT_ID"]), Patience, LongestOutput, cancel);
    }

    /// <summary>No variable can hold a NUL.</summary>
    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);
}
