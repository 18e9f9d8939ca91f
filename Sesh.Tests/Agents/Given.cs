using System.Text;
using Sesh.Agents;
using Sesh.Agents.Claude;
using Sesh.Agents.Codex;
using Sesh.Agents.Pi;

namespace Sesh.Tests.Agents;

/// <summary>Transcripts given as lines, and what the agents read from them.</summary>
internal static class Given
{
    public static TranscriptFacts Claude(params string[] lines) => Read(new ClaudeParser(), lines);

    public static TranscriptFacts Codex(params string[] lines) => Read(new CodexParser(), lines);

    public static TranscriptFacts Pi(params string[] lines) => Read(new PiParser(), lines);

    public static ITranscriptParser Parser(string agent) => agent switch
    {
        "claude" => new ClaudeParser(),
        "codex" => new CodexParser(),
        _ => new PiParser(),
    };

    public static EntryReader Entries(string agent) => agent switch
    {
        "claude" => new ClaudeEntries().Read,
        "codex" => new CodexEntries().Read,
        _ => new PiEntries().Read,
    };

    public static List<TranscriptEntry> EntriesOf(string agent, params string[] lines) =>
        [.. TranscriptReading.Entries(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), Entries(agent))];

    private static TranscriptFacts Read(ITranscriptParser parser, string[] lines) =>
        TranscriptReading.Read(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))), parser);
}
