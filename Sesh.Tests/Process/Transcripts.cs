namespace Sesh.Tests.Built;

/// <summary>Small transcripts as the agents write them, in the world's own HOME.</summary>
internal static class Transcripts
{
    /// <summary>One turn of Claude Code, answered. Gives the session's uuid.</summary>
    public static string Claude(BuiltSesh world, string prompt)
    {
        var uuid = Guid.NewGuid().ToString();
        var folder = Directory.CreateDirectory(Path.Combine(world.UserHome, ".claude", "projects", world.Root.Replace('/', '-'))).FullName;
        File.WriteAllLines(Path.Combine(folder, uuid + ".jsonl"),
        [
            $$$"""{"type":"user","uuid":"{{{Guid.NewGuid()}}}","parentUuid":null,"sessionId":"{{{uuid}}}","cwd":"{{{world.Root}}}","timestamp":"2026-11-20T10:00:00.000Z","version":"2.1.330","message":{"role":"user","content":"{{{prompt}}}"}}""",
            $$$"""{"type":"assistant","uuid":"{{{Guid.NewGuid()}}}","parentUuid":null,"sessionId":"{{{uuid}}}","cwd":"{{{world.Root}}}","timestamp":"2026-11-20T10:00:01.000Z","version":"2.1.330","message":{"role":"assistant","model":"claude-sonnet-5-5","stop_reason":"end_turn","content":[{"type":"text","text":"echo: {{{prompt}}}"}],"usage":{"input_tokens":12,"output_tokens":3} } }""",
        ]);
        return uuid;
    }

    /// <summary>One turn of Codex, answered. Gives the thread's id.</summary>
    public static string Codex(BuiltSesh world, string prompt)
    {
        var uuid = Guid.CreateVersion7().ToString();
        var folder = Directory.CreateDirectory(Path.Combine(world.UserHome, ".codex", "sessions", "2026", "11", "20")).FullName;
        File.WriteAllLines(Path.Combine(folder, $"rollout-2026-11-20T10-00-00-{uuid}.jsonl"),
        [
            $$$"""{"timestamp":"2026-11-20T10:00:00.000Z","type":"session_meta","payload":{"id":"{{{uuid}}}","timestamp":"2026-11-20T10:00:00.000Z","cwd":"{{{world.Root}}}","originator":"codex_exec","cli_version":"0.169.0","source":"exec"}}""",
            """{"timestamp":"2026-11-20T10:00:00.100Z","type":"event_msg","payload":{"type":"task_started","model_context_window":258400}}""",
            $$$"""{"timestamp":"2026-11-20T10:00:00.200Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"{{{prompt}}}"}]}}""",
            $$$"""{"timestamp":"2026-11-20T10:00:01.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"echo: {{{prompt}}}"}]}}""",
            $$$"""{"timestamp":"2026-11-20T10:00:01.100Z","type":"event_msg","payload":{"type":"task_complete","last_agent_message":"echo: {{{prompt}}}"}}""",
        ]);
        return uuid;
    }

    /// <summary>One turn of pi, answered. Gives the session's id.</summary>
    public static string Pi(BuiltSesh world, string prompt)
    {
        var uuid = Guid.NewGuid().ToString();
        var folder = Directory.CreateDirectory(Path.Combine(world.UserHome, ".pi", "agent", "sessions", $"--{world.Root.TrimStart('/').Replace('/', '-')}--")).FullName;
        File.WriteAllLines(Path.Combine(folder, $"2026-11-20T10-00-00-000Z_{uuid}.jsonl"),
        [
            $$$"""{"type":"session","version":3,"id":"{{{uuid}}}","timestamp":"2026-11-20T10:00:00.000Z","cwd":"{{{world.Root}}}"}""",
            $$$"""{"type":"message","id":"a1","parentId":null,"timestamp":"2026-11-20T10:00:00.100Z","message":{"role":"user","content":[{"type":"text","text":"{{{prompt}}}"}]}}""",
            $$$"""{"type":"message","id":"a2","parentId":"a1","timestamp":"2026-11-20T10:00:01.000Z","message":{"role":"assistant","model":"fake-model","stopReason":"stop","content":[{"type":"text","text":"echo: {{{prompt}}}"}],"usage":{"totalTokens":20} } }""",
        ]);
        return uuid;
    }
}
