using Sesh.Bench.Running;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Format;

namespace Sesh.Bench.Data;

/// <summary>
/// Five real homes that hold the workload, fully exchanged. Identities and first frames are the store's own; the rest is written in bulk, for a
/// hundred thousand commands with an fsync each would take minutes.
/// </summary>
internal sealed class World
{
    private World(Workload workload, string folder)
    {
        Workload = workload;
        Homes = [.. Workload.Machines.Select(m => Path.Combine(folder, m))];
    }

    public Workload Workload { get; }

    public IReadOnlyList<string> Homes { get; }

    /// <summary>The home that is measured.</summary>
    public string Home => Homes[0];

    /// <summary>The five documents, as they lie in that home.</summary>
    public IReadOnlyList<string> Documents => Directory.GetFiles(Path.Combine(Home, "docs"), "*.sesh");

    public static World Make(Workload workload, string folder)
    {
        var world = new World(workload, folder);
        var born = world.Homes.Select((home, machine) => Birth(home, machine, workload)).ToList();
        var replicas = born.Select(b => new Replica(b.Document)).ToList();
        foreach (var session in workload.Sessions.Where(s => born[s.Machine].First != s))
            replicas[session.Machine].Write("adopt", session.CreatedAt, session.Settings());
        Replica.Exchange(replicas, [.. Enumerable.Range(0, replicas.Count)]);
        foreach (var (edits, groups) in workload.Play())
        {
            foreach (var edit in edits)
                replicas[edit.At].Write(edit.Verb, edit.Wall, edit.Settings(workload.Sessions[edit.Session].Uuid));
            foreach (var group in groups)
                Replica.Exchange(replicas, group);
        }

        for (var i = 0; i < born.Count; i++)
        {
            using var file = new FileStream(born[i].Path, FileMode.Open, FileAccess.Write);
            file.Seek(0, SeekOrigin.End);
            file.Write(replicas[i].Appended);
        }

        foreach (var home in world.Homes)
        {
            foreach (var other in world.Homes)
                CopyOwn(other, Path.Combine(home, "docs"));
        }

        return world;
    }

    public SessionStore Open(int machine = 0) =>
        SessionStore.Open(new StoreOptions(Homes[machine], MachineName.Parse(Workload.Machines[machine]), TimeProvider.System));

    /// <summary>The shared document that this home's installation writes.</summary>
    public static string Own(string home) =>
        Directory.GetFiles(Path.Combine(home, "own"), "*.sesh").Single(f => !Path.GetFileName(f).StartsWith("private.", StringComparison.Ordinal));

    private static (string Path, Document Document, Session First) Birth(string home, int machine, Workload workload)
    {
        var first = workload.Sessions.First(s => s.Machine == machine);
        var store = SessionStore.Open(new StoreOptions(home, MachineName.Parse(Workload.Machines[machine]), new FixedTime(first.CreatedAt)));
        store.Write(_ => new Draft("adopt", [], [.. first.Settings().Select(s => new Change(s.Register, s.Value))]));
        var path = Own(home);
        var loaded = DocumentReader.Read(File.ReadAllBytes(path), hint: null, prove: true);
        return (path, loaded?.Document ?? throw new FailedRunException($"{path} does not open"), first);
    }

    private static void CopyOwn(string from, string docs)
    {
        var linked = Directory.GetFiles(Path.Combine(from, "docs"), $"{Path.GetFileName(from)}.*.sesh").Single();
        var target = Path.Combine(docs, Path.GetFileName(linked));
        if (!File.Exists(target) || new FileInfo(target).Length != new FileInfo(Own(from)).Length)
            File.Copy(Own(from), target, overwrite: true);
    }

    private sealed class FixedTime(long milliseconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
