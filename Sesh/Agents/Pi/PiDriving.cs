using Sesh.Sync;

namespace Sesh.Agents.Pi;

/// <summary>Driving pi, as of 0.87.</summary>
internal sealed class PiDriving(AgentEnvironment environment) : IDriving
{
    private const string ReadingTools = "read,grep,find,ls";

    public int LongestMessage => int.MaxValue;

    public bool WritesFirstTurnLate => true;

    public IReadOnlyList<string> ClearingKeys { get; } = ["C-u", "C-k"];

    /// <summary>A leading <c>!</c> is run by a shell, whatever blanks stand before it.</summary>
    public string Typed(string message) => message.TrimStart().StartsWith('!')
        ? throw new SeshException("shell-message", "pi runs a message that begins with ! in a shell", "put a word in front of it")
        : message;

    public string? Dialog(PaneFace pane)
    {
        var lines = ScreenText.FromBelow(pane.Screen.Text);
        return ScreenText.Line(lines, 16, "Trust project folder?") is not null ? "asks whether to trust the folder"
            : PiTurn.AsksForFolder(pane.Title, lines) is not null ? "asks whether to go on in another folder, as its session's own is gone (Enter: yes)"
            : null;
    }

    public string? Draft(StyledScreen screen) => InputBox.BetweenRules(screen) is { Count: > 0 } box ? InputBox.Text(box, margin: 0) : null;

    public ITurnReader NewTurnReader(string message) => new PiTurnReader(message);

    /// <summary>A session is resumed by its file: ids are per working directory. What <c>--session-id</c> names is made where it is not there.</summary>
    public LaunchPlan Headless(HeadlessRequest request)
    {
        List<string> arguments = [request.Binary, "-p", "--mode", "json"];
        if (request.Ephemeral)
        {
            arguments.Add("--no-session");
        }
        else if (request.TranscriptPath is { } path)
        {
            arguments.AddRange(["--session", path]);
        }
        else
        {
            arguments.AddRange(["--session-id", request.AgentId]);
            if (request.Name.Length > 0)
            {
                arguments.AddRange(["--name", request.Name]);
            }
        }

        if (request.ReadOnly)
        {
            arguments.AddRange(["--tools", ReadingTools]);
        }

        return HeadlessLaunch.Plan("pi", request, arguments, environment, "PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR");
    }

    public bool TellsOfCompaction(ReadOnlySpan<byte> line) => line.StartsWith("{\"type\":\"compaction\""u8);

    public IHeadlessReader NewHeadlessReader() => new PiHeadlessReader();
}
