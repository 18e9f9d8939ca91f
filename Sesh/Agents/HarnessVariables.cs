namespace Sesh.Agents;

/// <summary>
/// Variables that tell an agent it runs inside another one. An agent started with them takes itself for a nested one: claude then silently writes no transcript, and ids of
/// the outer session leak into the inner one. Settings of the user's are not here (<c>ANTHROPIC_*</c>, <c>CLAUDE_CODE_USE_BEDROCK</c>, <c>CLAUDE_CODE_DISABLE_*</c>,
/// <c>CLAUDE_CODE_MAX_*</c>, <c>CODEX_HOME</c>, …): only who-am-I.
/// </summary>
internal static class HarnessVariables
{
    /// <summary>A trailing <c>*</c> is a prefix.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        // Claude Code, set for every program its tools start.
        "CLAUDECODE", "IN_CLAUDE_CODE", "AI_AGENT", "CLAUDE_EFFORT", "CLAUDE_PID", "TRACEPARENT",
        "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_EXECPATH", "CLAUDE_CODE_SESSION_*", "CLAUDE_CODE_CHILD_*", "CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS", "CLAUDE_CODE_INVOKED_SKILLS",
        "CLAUDE_CODE_STARTER_MAY_HOLD_CONNECTOR_FILE", "CLAUDE_CODE_SHOWN_PLUGINS_DIR", "CLAUDE_CODE_BRIDGE_*", "CLAUDE_CODE_REMOTE", "CLAUDE_CODE_REMOTE_*", "CLAUDE_CODE_SPAWNED_BY_SERVER",
        "CLAUDE_CODE_SSE_PORT", "CLAUDE_CODE_AGENT_VIEW_RELAUNCH", "CLAUDE_BG_*", "CLAUDE_PROJECT_DIR",

        // Codex.
        "CODEX_THREAD_ID", "CODEX_SESSION_ID", "CODEX_TOOL_CALL_*", "CODEX_SANDBOX", "CODEX_SANDBOX_*", "CODEX_PERMISSION_PROFILE", "CODEX_SHELL_SNAPSHOT_*", "CODEX_SNAPSHOT_*",
        "CODEX_INTERNAL_ORIGINATOR_OVERRIDE", "CODEX_STARTING_DIFF", "CODEX_MANAGED_BY_*", "CODEX_MANAGED_PACKAGE_ROOT",

        // pi, and our own: the launch gives each agent new ones.
        "PI_CODING_AGENT", "SESH_SESSION_ID", "SESH_AGENT_ID", "SESH_ONE_TURN",
    ];
}
