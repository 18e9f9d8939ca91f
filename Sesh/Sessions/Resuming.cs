using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <param name="Binary">Looks the agent's program up, where something must be started.</param>
/// <param name="Target">As given: <c>socket:session</c>.</param>
/// <param name="Cwd">As given; null for the recorded folder.</param>
/// <param name="Current">The current folder, for a relative <paramref name="Cwd"/>.</param>
internal sealed record ResumeRequest(Func<IAgent, string> Binary, string? Target, bool Fork, string? Cwd, string Current, bool Force, IReadOnlyList<string> Options);

/// <param name="Session">The fork's, where one was made.</param>
/// <param name="Started">An agent was started; false: it was live, and gone to.</param>
/// <param name="Attach">What to become last of all; null where the client was switched, or there is no screen to show it on.</param>
internal sealed record Resumed(SessionId Session, TmuxPlace Place, bool Started, Attachment? Attach);

/// <summary><c>resume</c> on this machine: to where the session lives, or a new life for it in a new window. Never a second life beside the first.</summary>
internal sealed class Resuming(
    SessionStore store, LiveStore live, MachineName machine, IReadOnlyList<IAgent> agents, Walk walk, Launcher launcher, Going going, TmuxSurroundings surroundings, Func<string, bool> isPrivate,
    TimeProvider time)
{
    private readonly Ending _ending = new(ProcessTable.Open, time);

    /// <param name="note">Told where it must wait for a turn to end.</param>
    public Resumed Run(SessionRecord record, ResumeRequest request, Action<string> note, CancellationToken cancel)
    {
        if (record.Machine != machine.Text)
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}", $"run on {record.Machine}");
        var agent = RowMaker.AgentOf(agents, record.Agent)
            ?? throw new SeshException("unknown-agent", $"this sesh does not know the agent {record.Agent}", "upgrade sesh");
        if (request.Fork)
            return Fork(record, agent, request, cancel);

        var before = live.Find(record.Uuid, machine.Text)?.Row;
        var (now, seen) = Look(record, note);
        // At a turn of ours without a terminal there is nowhere to go; it ends by itself, and then nothing holds the session.
        var isAtTurn = now is { Live: true, Tmux: null } && TurnFile.IsAtTurn(store.Options.Home, record.Uuid, ProcessTable.Open());
        if (now.Live && !isAtTurn && !_ending.Is(before, now) && TryGo(record, now, seen) is { } went)
            return went;
        using var turn = TurnLock.TryTake(store.Options.Home, record.Uuid) ?? Wait(record, note, cancel);
        // Somebody may have resumed it while we waited; from here on nobody can.
        before = now.Tmux is null ? before : now;
        (now, seen) = Look(record, _ => { });
        if (_ending.Is(before, now))
            (now, seen) = _ending.Wait(now, seen, Ending.Longest, () => Look(record, _ => { }), note, cancel);
        if (now.Live)
            return Go(record, now, seen);
        if (!request.Force)
            OtherMachines.Check(live, record);
        if (now.TurnStatus == TurnStatus.Unknown && !request.Force)
        {
            throw new SeshException(
                "maybe-live",
                now.Evidence.LastOrDefault(e => e.Value == "unknown")?.Detail ?? "it cannot be told whether the session is live",
                "end that agent, or give --force if it holds another session, or --fork");
        }

        return Start(store.Read().Find(record.Uuid) ?? record, now, agent, request, cancel);
    }

    private (LiveRow Row, Owned? Seen) Look(SessionRecord record, Action<string> note)
    {
        var (row, seen, result) = walk.Observe(store.Read(), record, live.Find(record.Uuid, machine.Text)?.Row);
        foreach (var twice in result.Notices.Where(n => n.Code == "live-twice" && n.Message.Contains(record.Uuid.ToString(), StringComparison.Ordinal)))
            note($"{twice.Message}; {twice.Hint}");
        IdentityChange.Write(store, result.Drifts);
        live.Merge([row], complete: false);
        return (row, seen);
    }

    private TurnLock Wait(SessionRecord record, Action<string> note, CancellationToken cancel)
    {
        note($"waiting for the turn of {record.Uuid} to end");
        return TurnLock.Take(store.Options.Home, record.Uuid, cancel);
    }

    /// <summary>Null: its pane went away after it was seen, so that the session may have no life any more.</summary>
    private Resumed? TryGo(SessionRecord record, LiveRow row, Owned? seen)
    {
        try
        {
            return Go(record, row, seen);
        }
        catch (SeshException e) when (e.Code == "pane-gone")
        {
            return null;
        }
    }

    private Resumed Go(SessionRecord record, LiveRow row, Owned? seen)
    {
        if (row.Tmux is { } place)
            return new Resumed(record.Uuid, place, false, going.To(place));
        throw new SeshException(
            "live-elsewhere",
            $"session {record.Uuid} is live without a tmux pane: {record.Agent} runs as pid {row.Pid}",
            seen?.Sighting.Agent.Background == true
                ? $"go there by {record.Agent}'s own session manager, or give --fork"
                : _ending.HasLostTerminal(row) ? $"its terminal is gone and it does not end: end it with \"kill {row.Pid}\", or give --fork"
                : "go to its terminal, end it there first, or give --fork");
    }

    private Resumed Start(SessionRecord record, LiveRow row, IAgent agent, ResumeRequest request, CancellationToken cancel)
    {
        var (folder, file) = Prepare(record, agent, request);
        var isMoved = folder != record.Cwd && !Directory.Exists(record.Cwd);
        // An agent that would look for the folder that is gone goes on in a copy of its own making, of which the record becomes the session: under another id, or the first transcript would still pass for its.
        var copied = isMoved && file is not null && !agent.ResumesAnywhere ? SessionId.New().ToString() : "";
        var launch = new LaunchRequest(request.Binary(agent), record.AgentSessionId, folder, null, record.Name, file?.Path, []) { ForkId = copied };
        // Recorded and never spoken to: there is nothing to resume, and its id is still free.
        var plan = file is not null ? agent.Resume(launch, fork: copied.Length > 0)
            : agent.ChoosesId && row.LastActivity == 0 && record.FormerIds.IsEmpty ? agent.New(launch)
            : throw Nothing(record);
        List<Change> changes = isMoved ? [new(new Register(record.Uuid, Field.Cwd), Value.Of(folder))] : [];
        if (copied.Length > 0)
            changes.AddRange(IdentityChange.Of(record, copied));
        return Launch(record, record.Uuid, agent, plan, request, changes, cancel);
    }

    private Resumed Fork(SessionRecord record, IAgent agent, ResumeRequest request, CancellationToken cancel)
    {
        var (folder, file) = Prepare(record, agent, request);
        if (file is null)
            throw Nothing(record);
        var uuid = SessionId.New();
        var id = agent.ChoosesForkId ? uuid.ToString() : "";
        var plan = agent.Resume(new LaunchRequest(request.Binary(agent), record.AgentSessionId, folder, null, record.Name, file.Path, []) { ForkId = id }, fork: true);
        var birth = new Birth(uuid, record.Agent, machine.Text)
        {
            AgentSessionId = id,
            Cwd = folder,
            Name = ForkName.Of(record.Name, store.Read().Records().Where(r => !r.Deleted).Select(r => r.Name)),
            Parent = record.Uuid,
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        return Launch(record with { Name = birth.Name }, uuid, agent, plan, request, [.. birth.Changes()], cancel);
    }

    private (string Folder, TranscriptFile? File) Prepare(SessionRecord record, IAgent agent, ResumeRequest request)
    {
        var folder = request.Cwd is { } given ? WorkingFolder.Resolve(given, request.Current)
            : record.Cwd.Length > 0 && Directory.Exists(record.Cwd) ? record.Cwd
            : throw new SeshException("cwd-gone", $"the session's folder is gone: {record.Cwd}", "give another with --cwd DIR");
        if (!request.Fork && !agent.ResumesAnywhere && folder != record.Cwd && Directory.Exists(record.Cwd))
            throw new SeshException("cwd-fixed", $"{agent.Name} goes on in the folder in which a session began: {record.Cwd}", "leave --cwd out, or give --fork as well");
        return (folder, record.AgentSessionId.Length == 0 ? null : agent.Locate(record.AgentSessionId, record.Cwd));
    }

    private SeshException Nothing(SessionRecord record) => record.AgentSessionId.Length == 0
        ? new("nothing-to-resume", $"session {record.Uuid} has never had a turn: there is nothing to resume", $"start another with \"sesh new --agent {record.Agent}\"")
        : new("transcript-gone", $"the transcript of session {record.Uuid} is gone: {record.Agent} cannot resume it", Copy(record) ?? $"see \"sesh explain {record.Uuid}\" for where it lay");

    /// <summary>Where a copy of its transcript is, or may be.</summary>
    private string? Copy(SessionRecord record)
    {
        var (kept, backup) = (Path.Join(store.Options.Home, "kept"), Path.Join(store.Options.Home, "backup.db"));
        var copy = Directory.Exists(kept)
            ? Directory.EnumerateFiles(kept, "*", SearchOption.AllDirectories).FirstOrDefault(f => Path.GetFileName(f).Contains(record.AgentSessionId, StringComparison.OrdinalIgnoreCase))
            : null;
        return copy is not null ? $"a copy was kept: {copy}" : File.Exists(backup) ? $"it may be in the backup {backup}" : null;
    }

    /// <param name="session">Whose life it is: the record's, or a fork's.</param>
    /// <param name="changes">What is to be recorded of that, and undone where nothing comes of it.</param>
    private Resumed Launch(
        SessionRecord record, SessionId session, IAgent agent, LaunchPlan plan, ResumeRequest request, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        var target = TmuxTarget.Parse(request.Target, surroundings);
        // With a target it may be wanted there without anybody looking: from a script, say.
        var look = request.Target is null || going.CanShow(target.Socket);
        if (look)
            going.Expect(target.Socket);
        var pane = launcher.Open(target, record.Name.Length > 0 ? record.Name : record.Agent, plan.Cwd);
        OperationId? recorded = null;
        try
        {
            if (changes.Count > 0)
                recorded = store.Write(_ => new Draft("resume", request.Options, changes, record.Private || (session != record.Uuid && isPrivate(plan.Cwd))))!.Operation;
        }
        catch
        {
            pane.Server.KillPane(pane.Id);
            throw;
        }

        try
        {
            launcher.Start(pane, session, agent, plan, cancel);
        }
        catch
        {
            if (recorded is { } operation)
                store.Undo(operation.ToString(), force: false);
            throw;
        }

        FirstLook.Run(store, live, walk, session);
        var place = pane.Server.Pane(pane.Id)?.Place ?? throw new SeshException("launch-failed", $"{agent.Name} ended just after it had started", "start it by hand in a terminal to see why");
        return new Resumed(session, place, true, look ? going.To(place) : null);
    }
}
