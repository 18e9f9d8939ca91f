using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Tmux;
using Sesh.Tmux;

namespace Sesh.Tests.Walking;

/// <summary>A tmux server, the probe agent, and a walk over the two; nothing of the machine's own is seen but its processes.</summary>
internal sealed class Stage : IDisposable
{
    public const string Machine = "alpha";

    public Stage(bool byScreen = false, bool choosesId = true) => Agent = new ProbeAgent(Tmux.Folder) { ByScreen = byScreen, ChoosesId = choosesId };

    public PrivateTmux Tmux { get; } = new();

    public ProbeAgent Agent { get; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<IAgent, TranscriptFile, bool, TranscriptFacts?> Facts { get; set; } = (agent, file, _) =>
    {
        using var stream = File.OpenRead(file.Path);
        return agent.Read(stream);
    };

    public Lookout Lookout => new([Agent], Tmux.Outside, ProcessTable.Open);

    public Walk Walk => new([Agent], Lookout, (a, f, m) => Facts(a, f, m), Tmux.Outside, MachineName.Parse(Machine), Time);

    public static SessionRecord Record(string agentId, string cwd = "/", string machine = Machine) =>
        new() { Uuid = SessionId.New(), Agent = "probe", Machine = machine, Cwd = cwd, AgentSessionId = agentId };

    /// <summary>A probe in a window of its own, started as one that holds that session; its pane, as soon as it runs.</summary>
    public TmuxPane Probe(string id = "", params string[] wrapper)
    {
        var pane = Tmux.Server.Do(["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", "-e", $"PROBE_ID={id}", "-c", "/", .. wrapper, Agent.Program, "1000"]);
        Until.True(() => Lookout.InPane(Tmux.Pane(pane), ProcessTable.Open()) is not null, "the probe runs");
        return Tmux.Pane(pane);
    }

    public int PidIn(TmuxPane pane) => Lookout.InPane(pane, ProcessTable.Open())!.Agent.Pid;

    public WalkResult Look(IReadOnlyList<LiveRow> held, params IReadOnlyList<SessionRecord> records) =>
        Walk.Look(RecordSource.Of(records), records, held, held.Count == 0 ? 0 : held.Max(r => r.ObservedAt));

    public void Dispose() => Tmux.Dispose();
}
