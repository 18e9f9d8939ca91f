using System.Text.Json;
using Sesh.Processes;
using Sesh.Sync.Documents;

namespace Sesh.Sessions.Driving;

internal enum TurnStage : byte
{
    /// <summary>The agent is being started.</summary>
    Starting,

    /// <summary>The agent has taken the message up.</summary>
    Taken,

    /// <summary>The turn is over, well or not.</summary>
    Over,
}

/// <summary>
/// What a turn without a terminal has come to: <c>turns/UUID.turn</c>, the last one of each session, replaced as a whole. Written by its runner, read by whoever waits for it.
/// </summary>
/// <param name="Turn">Tells this turn from those before and after it.</param>
/// <param name="Pid">The runner's, with its start time.</param>
/// <param name="Code">Of the failure; empty where there is none.</param>
/// <param name="Text">The reply, or the failure's message.</param>
internal sealed record TurnFile(string Turn, int Pid, long PidStart, TurnStage Stage, string Code, string Text, string Hint)
{
    public static string PathOf(string home, SessionId session) => Path.Combine(home, "turns", $"{session}.turn");

    /// <summary>Null where there is none, or none of ours.</summary>
    public static TurnFile? Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement;
            return new TurnFile(
                root.GetProperty("turn").GetString()!, root.GetProperty("pid").GetInt32(), root.GetProperty("pidStart").GetInt64(),
                Enum.Parse<TurnStage>(root.GetProperty("stage").GetString()!), root.GetProperty("code").GetString()!, root.GetProperty("text").GetString()!, root.GetProperty("hint").GetString()!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            // Not there, or left by another version.
            return null;
        }
    }

    /// <summary>Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    public void Write(string path)
    {
        var beside = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            using var json = new Utf8JsonWriter(file);
            json.WriteStartObject();
            json.WriteString("turn", Turn);
            json.WriteNumber("pid", Pid);
            json.WriteNumber("pidStart", PidStart);
            json.WriteString("stage", Stage.ToString());
            json.WriteString("code", Code);
            json.WriteString("text", Text);
            json.WriteString("hint", Hint);
            json.WriteEndObject();
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Its runner lives; a turn that is not over and has none was cut off.</summary>
    public bool IsRunning(IProcesses processes) => Stage != TurnStage.Over && processes.Find(Pid)?.Start == PidStart;
}
