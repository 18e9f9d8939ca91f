using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Agents.Codex;

/// <summary>Driving Codex, as of 0.169.</summary>
internal sealed class CodexDriving(AgentEnvironment environment) : IDriving
{
    /// <summary>An argument of a command holds no more on Linux.</summary>
    private const int LongestQueued = 100_000;

    private static readonly (string Sign, string Asks)[] Dialogs =
    [
        ("Trust this folder?", "asks whether to trust the folder"),
        ("Do you trust the contents of this directory?", "asks whether to trust the folder"),
        ("Try new model", "asks whether to change to a new model"),
        ("Sign in with ChatGPT", "asks to log in"),
        ("Choose working directory", "asks in which folder to go on"),
        ("Working directory · resume", "asks in which folder to go on"),
        ("This conversation is open in another app", "shows the conversation read-only: another process holds it"),
        ("Update available!", "asks whether to update itself"),
        ("move  enter open  n new", "shows its list of agents"),
    ];

    public int LongestMessage => 1 << 20;

    public bool WritesFirstTurnLate => false;

    public IReadOnlyList<string> ClearingKeys { get; } = ["C-u", "C-k"];

    /// <summary>
    /// A leading <c>!</c> would be run by a shell. A last word that begins with <c>@</c>, <c>$</c> or <c>/</c> leaves a menu open, and Enter would choose from it: a blank
    /// behind it closes the menu, and Codex cuts it off.
    /// </summary>
    public string Typed(string message) => (message.StartsWith('!') ? " " + message : message) + " ";

    public string? Dialog(PaneFace pane)
    {
        if (pane.Title.Contains("Action Required", StringComparison.Ordinal))
        {
            return null;
        }

        var lines = ScreenText.FromBelow(pane.Screen.Text);
        var box = Draft(pane.Screen) is not null;
        foreach (var (sign, asks) in Dialogs)
        {
            if (ScreenText.Line(lines, box ? 4 : 16, sign) is not null)
            {
                return asks;
            }
        }

        return null;
    }

    /// <summary>The lowest line that begins with the prompt's sign and is no choice of a dialog, down to the footer.</summary>
    public string? Draft(StyledScreen screen)
    {
        var lines = screen.Lines;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i].Text is not ['›' or '!', .. var rest])
            {
                continue;
            }

            if (rest is [' ', >= '1' and <= '9', '.', ..])
            {
                return null;
            }

            var last = i;
            for (var below = i + 1; below < lines.Count && (lines[below].Text.Length == 0 || lines[below].Text.StartsWith("  ", StringComparison.Ordinal)); below++)
            {
                last = lines[below].Text.Length == 0 ? last : below;
            }

            // The footer stands below the last empty line.
            var end = last;
            while (end > i && lines[end].Text.Length > 0)
            {
                end--;
            }

            return InputBox.Text(lines.Skip(i).Take(Math.Max(1, end - i)).Select(line => line.Firm), margin: 2);
        }

        return null;
    }

    public ITurnReader NewTurnReader(string message) => new CodexTurnReader(message);

    public LaunchPlan Headless(HeadlessRequest request)
    {
        List<string> arguments = [request.Binary, "exec"];
        if (request.TranscriptPath is not null)
        {
            arguments.Add("resume");
        }

        arguments.AddRange(["--json", "--skip-git-repo-check", "-c", "features.daemon_auto_start=false"]);
        if (request.ReadOnly && request.TranscriptPath is null)
        {
            arguments.AddRange(["--sandbox", "read-only"]);
        }

        if (request.Ephemeral)
        {
            arguments.Add("--ephemeral");
        }

        var plan = HeadlessLaunch.Plan("codex", request, arguments, environment, "CODEX_HOME");
        string[] last = request.TranscriptPath is not null ? [request.AgentId, "-"] : ["-"];
        return plan with { Arguments = [.. plan.Arguments, .. last] };
    }

    public bool TellsOfCompaction(ReadOnlySpan<byte> line) => line[..Math.Min(line.Length, 200)].IndexOf("\"type\":\"compacted\""u8) >= 0;

    public IHeadlessReader NewHeadlessReader() => new CodexHeadlessReader();

    public bool IsHeldElsewhere(string complaint) => complaint.Contains("already has an active writer", StringComparison.Ordinal);

    /// <summary>Its terminals and its background server take what is queued when they are idle; <c>codex exec</c> ends with its one turn.</summary>
    public LaunchPlan? Queue(string binary, LiveAgent live, IProcesses processes, string message)
    {
        if (live.AgentId.Length == 0 || processes.Arguments(live.Pid).Skip(1).Take(8).Contains("exec"))
        {
            return null;
        }

        if (message.Length > LongestQueued)
        {
            throw new SeshException(
                "message-too-long", $"codex queue takes no message of {message.Length} characters", $"a session without a pane takes {LongestQueued} at most");
        }

        var request = new LaunchRequest(binary, live.AgentId, "/", null, "", null, []);
        return AgentLaunch.Plan("codex", request, [binary, "queue", "--thread", live.AgentId, $"--message={message}"], "", environment, "CODEX_HOME");
    }
}
