using System.Globalization;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P9, P10, P11: news from another machine over a connection that is open, as it comes on this host and over 50 ms: time, bytes, round trips.</summary>
internal sealed class Syncing(Tools tools, Options options)
{
    private const int Many = 1000;
    private const int ManyMachines = 20;

    private static readonly TimeSpan EachWay = TimeSpan.FromMilliseconds(25);

    public IEnumerable<Row> Rows()
    {
        using var mesh = new Mesh(tools, "syncing", compacted: true);
        using var relay = new SlowRelay(mesh.Ssh.Port, EachWay);
        if (options.Wants("P9", "P10"))
        {
            var git = new GitTwin(tools, mesh.Ssh, mesh.World.Workload.Sessions);
            foreach (var row in Times(mesh, git, mesh.Ssh.Port, ""))
                yield return row;
            if (options.Wants("P10"))
            {
                foreach (var row in Bytes(mesh, git))
                    yield return row;
            }

            if (options.Wants("P9"))
            {
                mesh.Reach(relay.Port, "openssh");
                foreach (var row in Times(mesh, git, relay.Port, ", 50 ms away"))
                    yield return row;
            }
        }

        if (options.Wants("P11"))
        {
            yield return Trips(mesh, relay, mesh.World.Homes.Count);
            mesh.Grow(ManyMachines);
            yield return Trips(mesh, relay, ManyMachines);
        }
    }

    private IEnumerable<Row> Times(Mesh mesh, GitTwin git, int port, string where)
    {
        if (!options.Wants("P9"))
            yield break;
        var isNear = where.Length == 0;
        foreach (var (what, changes) in ((string, int)[])[("nothing new", 0), ("1 change", 1), ("1,000 changes", Many)])
        {
            List<Contender> contenders =
            [
                new(mesh.Sync(), () => mesh.Rename(changes)), new(git.Fetch(port), changes == 0 ? null : () => git.Change(changes)), new(mesh.Ssh.True(port)),
            ];
            // What git's contender changed a moment before is news for rsync, too.
            if (GitTwin.HasRsync)
                contenders.Add(new(git.Mirror(port)));
            Spawn.Must(mesh.Ssh.True(port));
            var times = SideBySide.Medians(options.Runs, contenders);
            yield return new Row(
                "P9", $"sync, {what}{where}", "git fetch", times[1], times[0], "ms", Measure.Ratio, 1, (times[2] + 3) / times[1],
                $"ssh true {Number(times[2])} ms{(GitTwin.HasRsync ? $", rsync {Number(times[3])}" : "")}");
        }

        if (isNear)
        {
            mesh.Reach(port, "sshnet");
            var cold = SideBySide.Medians(options.Runs, new Contender(mesh.Sync()), new Contender(Cold(mesh, port)));
            yield return new Row("P9", "sync, nothing new, each its own connection (sshnet)", "ssh true, connecting", cold[1], cold[0], "ms", Measure.Ratio, null, null);
            mesh.Reach(port, "openssh");
        }
    }

    private Command Cold(Mesh mesh, int port) =>
        tools.Call(Tools.Find("ssh"), ["-o", "ControlPath=none", "-o", "ControlMaster=no", .. mesh.Ssh.Warm(port), SshServer.Destination, "true"]);

    private IEnumerable<Row> Bytes(Mesh mesh, GitTwin git)
    {
        Spawn.Must(mesh.Sync());
        git.FetchBytes();
        foreach (var (what, changes, owed) in ((string, int, double)[])[("nothing new", 0, 800), ("1 change", 1, 1200), ("1,000 changes", Many, 120_000)])
        {
            var (ours, theirs, mirrored) = (new List<double>(), new List<double>(), new List<double>());
            for (var run = 0; run < Math.Min(options.Runs, changes == Many ? 5 : 21); run++)
            {
                mesh.Rename(changes);
                ours.Add(mesh.Bytes());
                if (changes > 0)
                    git.Change(changes);
                theirs.Add(git.FetchBytes());
                if (GitTwin.HasRsync)
                    mirrored.Add(git.MirrorBytes());
            }

            yield return new Row(
                "P10", $"bytes of a sync, {what}", "git fetch", SideBySide.Median(theirs), SideBySide.Median(ours), "B", Measure.Absolute, owed, owed / 2,
                $"{Number(ours.Min())} to {Number(ours.Max())}{(mirrored.Count > 0 ? $", rsync {Number(SideBySide.Median(mirrored))}" : "")}");
        }

        var fresh = Directory.CreateDirectory(Path.Combine(tools.Work, "syncing", "m9")).FullName;
        mesh.Ssh.Peer(fresh, "m9", "m1", mesh.There, mesh.Ssh.Port, "openssh", connect: false);
        yield return new Row(
            "P10", "bytes of the first sync, 10,000 sessions", "git fetch", git.FirstBytes.Git, mesh.Bytes(fresh, "m9"), "B", Measure.Absolute, 1_200_000, 600_000,
            GitTwin.HasRsync ? $"rsync {Number(git.FirstBytes.Rsync)}" : "");
    }

    /// <summary>How much longer it takes on the long way, beyond what a command takes that says nothing, in round trips of that way.</summary>
    private Row Trips(Mesh mesh, SlowRelay relay, int machines)
    {
        var (near, far) = (mesh.Ssh.Port, relay.Port);
        foreach (var port in (int[])[near, far])
        {
            mesh.Reach(port, "openssh");
            Spawn.Must(mesh.Ssh.True(port));
        }

        // Near and far in turns: whatever else the host does falls on both.
        var times = SideBySide.Medians(
            options.Runs,
            new Contender(mesh.Sync(), () => mesh.Point(near)), new Contender(mesh.Ssh.True(near)), new Contender(mesh.Sync(), () => mesh.Point(far)), new Contender(mesh.Ssh.True(far)));
        var (ours, silent) = ((times[2] - times[0]) / (2 * EachWay.TotalMilliseconds), (times[3] - times[1]) / (2 * EachWay.TotalMilliseconds));
        return new Row(
            "P11", string.Create(CultureInfo.InvariantCulture, $"round trips of a sync, nothing new, {machines} machines"), "", 0, Math.Round(ours - silent, 1), "", Measure.Absolute, 1, 1,
            $"ssh true: {Number(silent)} of its own");
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
