using System.Text;
using Sesh.Agents;
using Sesh.Processes;

namespace Sesh.Tests.Sessions;

/// <summary>An agent whose transcripts are plain lines, an entry each: what reading and following do with files shows without a format in the way.</summary>
internal sealed class LineAgent(string root) : IAgent
{
    public string Name => "claude";

    public bool ChoosesId => true;

    public IReadOnlyList<string> TranscriptRoots => [root];

    public IEnumerable<TranscriptFile> Transcripts() =>
        Directory.Exists(root)
            ? new DirectoryInfo(root).EnumerateFiles("*.jsonl").Select(f =>
                new TranscriptFile(Name, f.FullName, Path.GetFileNameWithoutExtension(f.Name), f.Length, new DateTimeOffset(f.LastWriteTimeUtc).ToUnixTimeMilliseconds()))
            : [];

    public TranscriptFile? Locate(string agentId, string cwd) => Transcripts().FirstOrDefault(t => t.AgentId == agentId);

    public TranscriptFacts Read(Stream transcript)
    {
        var lines = Text(transcript).ToList();
        return new TranscriptFacts { Cwd = "/w", FirstPrompt = lines.FirstOrDefault() ?? "", Turns = lines.Count, StartedAt = 1_000 };
    }

    public IEnumerable<TranscriptEntry> Entries(Stream transcript) => Text(transcript).Select(line => new TranscriptEntry(EntryRole.User, line, "", 0));

    public LiveAgent? Identify(ProcessRow process, IProcesses processes) => null;

    public IEnumerable<LiveAgent> Announced(IProcesses processes) => [];

    public TurnReading ReadTurn(LiveAgent live, PaneView? pane, TranscriptFacts? facts) => new(default, "", []);

    public LaunchPlan New(LaunchRequest request) => throw new NotSupportedException("starts nothing");

    public LaunchPlan Resume(LaunchRequest request, bool fork) => throw new NotSupportedException("starts nothing");

    /// <summary>Whole lines; the half one at the end is not one yet.</summary>
    private static IEnumerable<string> Text(Stream transcript)
    {
        using var reader = new StreamReader(transcript, Encoding.UTF8, leaveOpen: true);
        var all = reader.ReadToEnd();
        return all.Split('\n').SkipLast(1);
    }
}
