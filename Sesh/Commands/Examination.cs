using System.Globalization;
using Sesh.Agents;
using Sesh.Output;
using Sesh.Sessions.Doctor;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

/// <summary>All that <c>doctor</c> looks at, in the order in which one thing's fault explains the next.</summary>
internal static class Examination
{
    public static List<Finding> Of(Context context)
    {
        var findings = new List<Finding>();
        var sound = Configuration(context, findings);
        findings.AddRange(Try("peers", () => PeersFileOf(context)));
        findings.AddRange(HomeCheck.Look(context.Home));
        findings.AddRange(Try("documents", () => DocumentsCheck.Look(context.Store)));
        findings.AddRange(Try("clock", () => DocumentsCheck.Clocks(context.Store.Read(), context.Time.GetUtcNow())));
        findings.AddRange(Try("documents", () => Upkeep(context)));
        var programs = Programs(context, sound);
        findings.AddRange(programs);
        findings.AddRange(Try("tmux", () => TmuxCheck.Look(context.Tmux)));
        findings.Add(TmuxCheck.Ssh(context.Variable("PATH")));
        if (sound && context.Machine is not null)
        {
            findings.AddRange(Try("transcripts", () => Purge(context)));
            findings.AddRange(Try("sessions", () => Sessions(context)));
        }

        // Who asks from elsewhere asks about this machine.
        if (context.RequestFrom is null)
            findings.AddRange(Try("daemon", () => Daemon(context, programs)));
        // What one fault keeps from being looked at would repeat it.
        return [.. findings.GroupBy(f => f.Health == Health.Fail ? f.Message : $"{f.Subject}: {f.Message}").Select(g => g.First())];
    }

    /// <summary>The agents' programs alone, as this environment finds them.</summary>
    public static IReadOnlyList<Finding> Programs(Context context)
    {
        var findings = new List<Finding>();
        return Programs(context, Configuration(context, findings));
    }

    /// <summary>Of the machines that this one knows; nothing where another machine asks, which knows them itself or is told by them.</summary>
    public static IReadOnlyList<PeerFindings> Peers(Context context)
    {
        if (context.RequestFrom is not null)
            return [];
        IReadOnlyList<Peer> peers;
        try
        {
            peers = context.Machine is null ? [] : context.Peers;
        }
        catch (SeshException)
        {
            // A file that cannot be read is a finding of its own already.
            return [];
        }

        var check = new PeersCheck(
            context.Dialler.OpenAsync, context.OwnLinks, p => Authorized(context, p), p => context.LastHeard(p.Name), Product.Number, Duration.Format,
            machine => context.Snapshot.Records().Where(r => !r.Deleted && r.Machine == machine).Select(r => r.Agent).ToHashSet(), context.Time);
        return check.LookAsync(peers, context.Cancel).GetAwaiter().GetResult();
    }

    private static IReadOnlyList<AuthorizedGrant> Authorized(Context context, Peer peer)
    {
        try
        {
            return context.Variable("HOME") is { } home ? new AuthorizedKeys(home).GrantsOf(peer.Name.Text) : [];
        }
        catch (Exception e) when (e is SeshException or IOException or UnauthorizedAccessException)
        {
            // Whoever may not read it has nothing to warn of.
            return [];
        }
    }

    private static List<Finding> Programs(Context context, bool sound) => [.. context.Agents.Select(a => Program(context, a, sound))];

    // Who its peers are is told below, one by one.
    private static IEnumerable<Finding> PeersFileOf(Context context) => context.UnknownPeerKeys().Select(k => Finding.Warn("peers", k.What, k.Hint));

    private static IReadOnlyList<Finding> Daemon(Context context, IReadOnlyList<Finding> programs)
    {
        var check = new DaemonCheck(context.OpenDaemonAsync, () => DaemonLock.ProcessOf(context.Home), Product.Number, context.Peers.Count > 0);
        return check.LookAsync(programs, context.Cancel).GetAwaiter().GetResult();
    }

    /// <summary>False where the configuration cannot be read, so that what rests on it cannot be looked at.</summary>
    private static bool Configuration(Context context, List<Finding> findings)
    {
        try
        {
            _ = context.Configuration;
            findings.Add(Finding.Ok("config", File.Exists(context.ConfigPath) ? context.ConfigPath : "none; the defaults hold"));
            findings.Add(context.Machine is { } machine
                ? Finding.Ok("machine", machine.Text)
                : Finding.Fail("machine", "this machine has no name: nothing can be recorded", "run \"sesh init\", or set SESH_MACHINE"));
            return true;
        }
        catch (SeshException e)
        {
            findings.Add(Finding.Fail("config", e.Message, e.Hint));
            return false;
        }
    }

    private static Finding Program(Context context, IAgent agent, bool sound)
    {
        var configured = sound ? context.Configuration.Agents.GetValueOrDefault(agent.Name) : null;
        try
        {
            return Finding.Ok(agent.Name, AgentBinary.Find(agent.Name, configured, context.AgentEnvironment));
        }
        catch (SeshException e)
        {
            // One who does not use an agent is not ill; a path that is set and wrong is.
            return new Finding(configured is null ? Health.Warn : Health.Fail, agent.Name, e.Message, e.Hint);
        }
    }

    private static IEnumerable<Finding> Purge(Context context)
    {
        var claude = context.Agents.First(a => a.Name == "claude");
        var settings = Path.Join(context.AgentEnvironment.Folder("CLAUDE_CONFIG_DIR", ".claude"), "settings.json");
        return PurgeCheck.Look(claude, settings, context.Store.Read(), context.MachineOrFail.Text, context.Time.GetUtcNow());
    }

    private static IEnumerable<Finding> Upkeep(Context context)
    {
        const long WorthCompacting = 1 << 20;
        var (before, after) = context.Machine is null ? (0, 0) : context.Store.CompactionWouldSave();
        if (before - after > WorthCompacting)
        {
            yield return Finding.Warn("documents", string.Create(CultureInfo.InvariantCulture, $"compaction would make {before >> 10} KiB {after >> 10}"),
                "\"sesh gc --yes\" does it", new Repair("compact this machine's documents", () => context.Store.Compact()));
        }

        var cache = Path.Join(context.Home, "cache");
        if (Directory.Exists(cache))
            yield return Finding.Ok("cache", $"{cache}, deletable at any moment") with { Repair = new Repair("empty the cache", () => Directory.Delete(cache, recursive: true)) };
    }

    private static IEnumerable<Finding> Sessions(Context context)
    {
        var seen = context.LookAround(write: true);
        var live = seen.All.Count(o => o.Record is { Deleted: false });
        yield return Finding.Ok("sessions", string.Create(CultureInfo.InvariantCulture, $"{live} live here"));
        var unknown = seen.Unregistered.Count(o => o.Sighting.Pane is not null);
        if (unknown > 0)
            yield return Finding.Warn("sessions", string.Create(CultureInfo.InvariantCulture, $"{unknown} live in panes and not recorded"), "\"sesh adopt\" records them");
        foreach (var notice in seen.Notices)
            yield return Finding.Warn("sessions", notice.Message, notice.Hint);
    }

    /// <summary>A check that itself fails is a finding; the others go on.</summary>
    private static IEnumerable<Finding> Try(string subject, Func<IEnumerable<Finding>> look)
    {
        try
        {
            return look().ToList();
        }
        catch (Exception e) when (e is SeshException or IOException or UnauthorizedAccessException)
        {
            return [Finding.Fail(subject, e.Message, (e as SeshException)?.Hint)];
        }
    }
}
