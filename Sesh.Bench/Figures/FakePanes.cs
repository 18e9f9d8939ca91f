using System.Globalization;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>Panes in which a program runs that the kernel calls <c>claude</c>, and what Claude Code would have written about each.</summary>
internal sealed class FakePanes : IDisposable
{
    private readonly Tools _tools;
    private readonly TmuxServer _server;

    public FakePanes(Tools tools, int panes)
    {
        _tools = tools;
        _server = new TmuxServer(tools, panes, $"exec {Agent()} 86400");
        Announce(_server.Pids());
    }

    public Command ListPanes() => _server.ListPanes();

    public void Dispose() => _server.Dispose();

    private string Agent()
    {
        var path = Path.Combine(_tools.Work, "claude");
        if (!File.Exists(path))
            File.Copy(Tools.Find("sleep"), path);
        return path;
    }

    /// <summary>Claude Code's status files and transcripts, one for each pane.</summary>
    private void Announce(IReadOnlyList<int> pids)
    {
        var config = Path.Combine(_tools.Work, "home", ".claude");
        var project = Directory.CreateDirectory(Path.Combine(config, "projects", "-tmp")).FullName;
        Directory.CreateDirectory(Path.Combine(config, "sessions"));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var pid in pids)
        {
            var id = Guid.NewGuid();
            var start = TmuxServer.StartOf(pid);
            File.WriteAllText(
                Path.Combine(config, "sessions", $"{pid}.json"),
                string.Create(CultureInfo.InvariantCulture, $$"""{"pid":{{pid}},"sessionId":"{{id}}","cwd":"/tmp","startedAt":{{now}},"procStart":"{{start}}","version":"2.1.330","kind":"interactive","entrypoint":"cli","status":"idle","updatedAt":{{now}},"statusUpdatedAt":{{now}}}"""));
            File.WriteAllText(
                Path.Combine(project, $"{id}.jsonl"),
                $$$"""
                {"type":"user","uuid":"{{{Guid.NewGuid()}}}","sessionId":"{{{id}}}","cwd":"/tmp","timestamp":"2026-11-20T10:00:00.000Z","message":{"role":"user","content":"hello {{{pid}}}"} }
                {"type":"assistant","uuid":"{{{Guid.NewGuid()}}}","sessionId":"{{{id}}}","cwd":"/tmp","timestamp":"2026-11-20T10:00:01.000Z","message":{"role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"hi"}]} }

                """);
        }
    }
}
