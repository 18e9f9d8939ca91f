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
/// What a turn without a terminal has come to. Its runner tells it to whoever started it, a line each time, and leaves the last of it in <c>turns/UUID.turn</c> for all others,
/// the last turn of each session, replaced as a whole.
/// </summary>
/// <param name="Pid">The runner's, with its start time.</param>
/// <param name="Code">Of the failure; empty where there is none.</param>
/// <param name="Text">The reply, or the failure's message.</param>
/// <param name="IsCut">The reply is only its beginning.</param>
internal sealed record TurnFile(int Pid, long PidStart, TurnStage Stage, string Code, string Text, string Hint, bool IsCut = false)
{
    public static string PathOf(string home, SessionId session) => Path.Combine(home, "turns", $"{session}.turn");

    /// <summary>Null where there is none, or none of ours.</summary>
    public static TurnFile? Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or being replaced.
            return null;
        }
    }

    /// <summary>Null for what is none of ours.</summary>
    public static TurnFile? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement;
            return new TurnFile(
                root.GetProperty("pid").GetInt32(), root.GetProperty("pidStart").GetInt64(), Enum.Parse<TurnStage>(root.GetProperty("stage").GetString()!),
                root.GetProperty("code").GetString()!, root.GetProperty("text").GetString()!, root.GetProperty("hint").GetString()!,
                root.TryGetProperty("cut", out var cut) && cut.ValueKind == JsonValueKind.True);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            // Left by another version.
            return null;
        }
    }

    /// <summary>One line, without its end.</summary>
    public byte[] Bytes()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("pid", Pid);
            json.WriteNumber("pidStart", PidStart);
            json.WriteString("stage", Stage.ToString());
            json.WriteString("code", Code);
            json.WriteString("text", Text);
            json.WriteString("hint", Hint);
            json.WriteBoolean("cut", IsCut);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>
    /// Leaves it there for others. The reply is not theirs: whoever asked for it gets it over his pipe, and the transcript has it. Throws <see cref="IOException"/> and
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public void Write(string path)
    {
        var left = Stage == TurnStage.Over && Code.Length == 0 ? this with { Text = "" } : this;
        var beside = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            file.Write(left.Bytes());
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>With the session. One that cannot be removed says nothing of what was said.</summary>
    public static void Remove(string home, SessionId session)
    {
        try
        {
            File.Delete(PathOf(home, session));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The session is gone all the same; gc tries again.
        }
    }

    /// <summary>Is the session at a turn without a terminal that a runner of ours runs?</summary>
    public static bool IsAtTurn(string home, SessionId session, IProcesses processes) => Read(PathOf(home, session)) is { } file && file.IsRunning(processes);

    /// <summary>Its runner lives; a turn that is not over and has none was cut off.</summary>
    public bool IsRunning(IProcesses processes) => Stage != TurnStage.Over && processes.Find(Pid)?.Start == PidStart;
}
