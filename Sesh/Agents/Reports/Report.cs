using System.Globalization;
using System.Text;
using Sesh.Sync.Store;

namespace Sesh.Agents.Reports;

/// <summary>The last thing an agent's own hooks said of one of its processes (claude) or threads (codex).</summary>
/// <param name="Pid">The agent's process; 0 where it was not found.</param>
/// <param name="Start">That process's start time, as in the process table.</param>
/// <param name="At">Milliseconds since 1970 UTC.</param>
/// <param name="Event">The hook's name.</param>
/// <param name="AgentId">The session it is about, by the agent's own id.</param>
/// <param name="Question">What it waits for, where blocked.</param>
internal sealed record Report(string Agent, int Pid, long Start, long At, TurnStatus Status, string Event, string AgentId, string Question)
{
    public const int LongestQuestion = 1000;

    private const string Format = "1";

    /// <summary>Fields of one line, then the question.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Format} {Agent} {Pid} {Start} {At} {Status} {Event} {AgentId}\n{Question}"));

    /// <summary>Null for anything that is not what <see cref="ToBytes"/> makes.</summary>
    public static Report? Read(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0)
            return null;
        var words = text[..end].Split(' ');
        return words.Length == 8 && words[0] == Format && Number(words[2]) is { } pid and <= int.MaxValue && Number(words[3]) is { } start && Number(words[4]) is { } at && StatusOf(words[5]) is { } status
            ? new Report(words[1], (int)pid, start, at, status, words[6], words[7], text[(end + 1)..])
            : null;
    }

    /// <summary>As in evidence: <c>busy</c>.</summary>
    public string StatusWord => Status switch
    {
        TurnStatus.Idle => "idle",
        TurnStatus.Busy => "busy",
        TurnStatus.Blocked => "blocked",
        _ => "unknown",
    };

    /// <summary>An id that may stand in a file's name and between spaces.</summary>
    public static bool IsId(string id) => id.Length is > 0 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static long? Number(string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TurnStatus? StatusOf(string word) => word switch
    {
        nameof(TurnStatus.Idle) => TurnStatus.Idle,
        nameof(TurnStatus.Busy) => TurnStatus.Busy,
        nameof(TurnStatus.Blocked) => TurnStatus.Blocked,
        nameof(TurnStatus.Unknown) => TurnStatus.Unknown,
        _ => null,
    };
}
