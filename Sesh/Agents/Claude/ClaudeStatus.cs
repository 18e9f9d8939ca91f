using System.Globalization;
using Sesh.Processes;

namespace Sesh.Agents.Claude;

/// <summary>
/// <c>sessions/PID.json</c>: what each live claude says of itself, within half a second. Left behind after a kill -9, so it counts only while a process with that pid
/// and start time lives.
/// </summary>
internal sealed record ClaudeStatus(string Path, int Pid, string SessionId, string Cwd, string ProcStart, string Kind, string Entrypoint, string Status, string WaitingFor, long UpdatedAt)
{
    /// <summary>Nobody writes more; a longer file is not claude's.</summary>
    private const int Longest = 256 << 10;

    /// <summary>Null where the file is not there, or cannot be read as one.</summary>
    public static ClaudeStatus? Read(string path)
    {
        try
        {
            var bytes = SmallFile.Read(path, Longest);
            return bytes.Length == 0 ? null : Parse(path, bytes);
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // Being written, or of another format: this evidence is missing, others remain.
            return null;
        }
    }

    private static ClaudeStatus? Parse(string path, ReadOnlySpan<byte> json)
    {
        string session = "", cwd = "", start = "", kind = "", entrypoint = "", status = "", waiting = "";
        long pid = 0, updated = 0;
        var reader = LineJson.Reader(json);
        reader.Read();
        while (LineJson.NextProperty(ref reader))
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "pid":
                    pid = LineJson.Count(ref reader) ?? 0;
                    break;
                case "sessionId":
                    session = LineJson.Text(ref reader, TranscriptLimits.Word);
                    break;
                case "cwd":
                    cwd = LineJson.Text(ref reader, TranscriptLimits.Path);
                    break;
                case "procStart":
                    start = LineJson.Text(ref reader, TranscriptLimits.Word);
                    break;
                case "kind":
                    kind = LineJson.Text(ref reader, TranscriptLimits.Word);
                    break;
                case "entrypoint":
                    entrypoint = LineJson.Text(ref reader, TranscriptLimits.Word);
                    break;
                case "status":
                    status = LineJson.Text(ref reader, TranscriptLimits.Word);
                    break;
                case "waitingFor":
                    waiting = LineJson.Text(ref reader, TranscriptLimits.Tool);
                    break;
                case "statusUpdatedAt":
                    updated = LineJson.Time(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return pid is > 0 and <= int.MaxValue && session.Length > 0 ? new ClaudeStatus(path, (int)pid, session, cwd, start, kind, entrypoint, status, waiting, updated) : null;
    }

    /// <summary>Was it written by this very process? A start time in another form than the process table's (macOS) is not held against it.</summary>
    public bool IsOf(ProcessRow process) =>
        Pid == process.Pid && (!long.TryParse(ProcStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) || start == process.Start || !OperatingSystem.IsLinux());
}
