using System.Globalization;
using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Tests.Walking;

/// <summary>
/// The plainest agent there can be: a process called <c>probe</c> (a copy of sleep). What it holds stands in a file <c>PID.id</c>, which is positive evidence, else
/// in its variable PROBE_ID, which like argv only says how it was started. Its transcripts are <c>ID.txt</c>.
/// </summary>
internal sealed class ProbeAgent(string folder) : IAgent
{
    private readonly string _status = Directory.CreateDirectory(Path.Combine(folder, "status")).FullName;
    private readonly string _transcripts = Directory.CreateDirectory(Path.Combine(folder, "transcripts")).FullName;

    public string Name => "probe";

    public bool ChoosesId { get; init; } = true;

    public IReadOnlyList<string> TranscriptRoots => [_transcripts];

    /// <summary>How often a transcript was looked for one by one.</summary>
    public int Located { get; private set; }

    /// <summary>Which the screen alone tells the state of.</summary>
    public bool ByScreen { get; init; }

    /// <summary>The program to run.</summary>
    public string Program
    {
        get
        {
            var program = Path.Combine(folder, "probe");
            if (!File.Exists(program))
                File.Copy("/bin/sleep", program);
            return program;
        }
    }

    public void Say(int pid, string id) => File.WriteAllText(Path.Combine(_status, $"{pid}.id"), id);

    public string Write(string id, string text)
    {
        var path = Path.Combine(_transcripts, id + ".txt");
        File.WriteAllText(path, text);
        return path;
    }

    public IEnumerable<TranscriptFile> Transcripts() => Directory.GetFiles(_transcripts, "*.txt").Select(Of);

    public TranscriptFile? Locate(string agentId, string cwd)
    {
        Located++;
        var path = Path.Combine(_transcripts, agentId + ".txt");
        return File.Exists(path) ? Of(path) : null;
    }

    public TranscriptFacts Read(Stream transcript)
    {
        using var reader = new StreamReader(transcript);
        return new TranscriptFacts { Model = reader.ReadToEnd() };
    }

    public IEnumerable<TranscriptEntry> Entries(Stream transcript) => [];

    public LiveAgent? Identify(ProcessRow process, IProcesses processes)
    {
        // Those of tests that run beside this one are other programs.
        if (process.Name != "probe" || processes.Executable(process.Pid) != Program)
            return null;
        var file = Path.Combine(_status, process.Pid.ToString(CultureInfo.InvariantCulture) + ".id");
        var (id, source) = File.Exists(file) ? (File.ReadAllText(file), "status file") : (processes.Variable(process.Pid, "PROBE_ID") ?? "", "argv");
        return new LiveAgent(Name, process.Pid, process.Start, id, processes.WorkingDirectory(process.Pid) ?? "", false, [new Evidence("agentSessionId", id, source, file, 0)]);
    }

    public IEnumerable<LiveAgent> Announced(IProcesses processes) =>
        processes.All.Select(p => Identify(p, processes)).OfType<LiveAgent>().Where(l => l.AgentId.Length > 0);

    public TurnReading ReadTurn(LiveAgent live, PaneView? pane, TranscriptFacts? facts)
    {
        var text = ByScreen ? pane?.Screen() ?? "" : pane?.Title ?? "";
        var status = text.Contains("busy", StringComparison.Ordinal) ? TurnStatus.Busy : text.Contains("idle", StringComparison.Ordinal) ? TurnStatus.Idle : TurnStatus.Unknown;
        return new TurnReading(status, "", [new Evidence("turnStatus", status.ToString(), ByScreen ? "screen" : "title", text.Trim(), 0)]);
    }

    public LaunchPlan New(LaunchRequest request) => Plan(request, "new");

    public LaunchPlan Resume(LaunchRequest request, bool fork) => Plan(request, fork ? "fork" : "resume");

    private static LaunchPlan Plan(LaunchRequest request, string how) => new(
        [request.Binary, .. request.ExtraArguments.DefaultIfEmpty("1000")],
        new Dictionary<string, string> { ["PROBE_ID"] = how == "fork" ? "" : request.AgentId, ["PROBE_HOW"] = how },
        ["PROBE_TAKEN_*"],
        request.Cwd);

    private static TranscriptFile Of(string path)
    {
        var file = new FileInfo(path);
        return new TranscriptFile("probe", path, Path.GetFileNameWithoutExtension(path), file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());
    }
}
