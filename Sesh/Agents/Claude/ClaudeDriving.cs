namespace Sesh.Agents.Claude;

/// <summary>Driving Claude Code, as of 2.1.</summary>
internal sealed class ClaudeDriving(AgentEnvironment environment) : IDriving
{
    /// <summary>Built-in tools that change nothing here.</summary>
    private const string ReadingTools = "Read,Grep,Glob,WebFetch,WebSearch";

    /// <summary>By what is on the screen, what it asks. The first that stands there counts.</summary>
    private static readonly (string Sign, string Asks)[] Dialogs =
    [
        ("Yes, I trust this folder", "asks whether to trust the folder"),
        ("Do you want to use this API key?", "asks whether to use the API key of its environment"),
        ("Claude Code running in Bypass Permissions mode", "asks to accept its bypass permissions mode"),
        ("Select login method", "asks to log in"),
        ("Paste code here if prompted", "asks to log in"),
        ("Choose the text style", "is at its first-run questions"),
        ("Choose an option to begin", "is at its first-run questions"),
        ("Press Enter to continue", "is at its first-run questions"),
        ("Unable to connect to Anthropic services", "cannot connect to Anthropic"),
    ];

    public int LongestMessage => int.MaxValue;

    public bool WritesFirstTurnLate => false;

    public IReadOnlyList<string> ClearingKeys { get; } = ["C-u", "C-k"];

    /// <summary>A leading <c>!</c> would be run by a shell.</summary>
    public string Typed(string message) => message.StartsWith('!') ? " " + message : message;

    public string? Dialog(PaneFace pane)
    {
        // With its input box open it asks nothing; what the conversation says about logins is not its own.
        if (Draft(pane.Screen) is not null)
        {
            return null;
        }

        var lines = ScreenText.FromBelow(pane.Screen.Text);
        foreach (var (sign, asks) in Dialogs)
        {
            if (ScreenText.Line(lines, 16, sign) is not null)
            {
                return asks;
            }
        }

        return null;
    }

    public string? Draft(StyledScreen screen) =>
        InputBox.BetweenRules(screen) is { Count: > 0 } box && box[0] is ['❯' or '!' or '#' or '>', ..] ? InputBox.Text(box, margin: 2) : null;

    public ITurnReader NewTurnReader(string message) => new ClaudeTurnReader(message);

    public LaunchPlan Headless(HeadlessRequest request)
    {
        List<string> arguments = [request.Binary, "-p", "--output-format", "stream-json", "--verbose"];
        if (request.TranscriptPath is not null)
        {
            arguments.AddRange(["--resume", request.AgentId]);
        }
        else if (!request.Ephemeral)
        {
            AgentArguments.Add(arguments, "--session-id", request.AgentId);
            AgentArguments.Add(arguments, "--name", request.Name);
        }

        if (request.Ephemeral)
        {
            arguments.Add("--no-session-persistence");
        }

        if (request.ReadOnly)
        {
            // Servers of tools that the user has configured may write as well: none are started.
            arguments.AddRange(["--tools", ReadingTools, "--allowedTools", ReadingTools, "--strict-mcp-config"]);
        }

        return HeadlessLaunch.Plan("claude", request, arguments, environment, "CLAUDE_CONFIG_DIR");
    }

    public bool TellsOfCompaction(ReadOnlySpan<byte> line) => line.IndexOf("\"subtype\":\"compact_boundary\""u8) >= 0;

    public IHeadlessReader NewHeadlessReader() => new ClaudeHeadlessReader();

    public bool IsHeldElsewhere(string complaint) => complaint.Contains("currently running as a background", StringComparison.OrdinalIgnoreCase);
}
