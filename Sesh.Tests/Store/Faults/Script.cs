using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Tests.Store.Faults;

/// <summary>
/// A few commands, one after the other, on sessions with fixed ids; what a home must show after each is known.
/// </summary>
internal sealed class Script(MemoryFiles files, string home, TimeProvider time)
{
    public static SessionId First { get; } = SessionId.Parse("11111111-1111-4111-8111-111111111111");

    public static SessionId Hidden { get; } = SessionId.Parse("22222222-2222-4222-8222-222222222222");

    /// <summary>Each step, and the names that the first and the hidden session show after it.</summary>
    public static IReadOnlyList<(Action<SessionStore> Do, string? First, string? Hidden)> Steps { get; } =
    [
        (s => s.Write(_ => StoreHome.Birth(First, "alpha", "one")), "one", null),
        (s => s.Write(_ => StoreHome.Rename(First, "two")), "two", null),
        (s => s.Write(_ => StoreHome.Birth(Hidden, "alpha", "h1", isPrivate: true)), "two", "h1"),
        (s => s.Write(_ => StoreHome.Rename(First, "three")), "three", "h1"),
        (s => s.Compact(), "three", "h1"),
        (s => s.Write(_ => StoreHome.Rename(Hidden, "h2")), "three", "h2"),
        (s => s.Write(_ => StoreHome.Rename(First, "four")), "four", "h2"),
        (s => s.Undo(null, force: false), "three", "h2"),
        (s => s.Compact(), "three", "h2"),
        (s => s.Write(_ => StoreHome.Rename(First, "five")), "five", "h2"),
    ];

    public MemoryFiles Files { get; private set; } = files;

    /// <summary>Steps that were acknowledged.</summary>
    public int Done { get; private set; }

    public SessionStore Open() => SessionStore.Open(new StoreOptions(home, MachineName.Parse("alpha"), time), Files);

    public void Run()
    {
        while (Done < Steps.Count)
        {
            Steps[Done].Do(Open());
            Done++;
        }
    }

    public Script On(MemoryFiles other) => new(other, home, time) { Done = Done };

    /// <summary>What is shown now: (first, hidden).</summary>
    public (string? First, string? Hidden) Shown()
    {
        var snapshot = Open().Read();
        return (snapshot.Find(First)?.Name, snapshot.Find(Hidden)?.Name);
    }

    /// <summary>What may be shown: what was acknowledged, or that and the step under way.</summary>
    public IEnumerable<(string? First, string? Hidden)> Allowed()
    {
        yield return Done == 0 ? (null, null) : (Steps[Done - 1].First, Steps[Done - 1].Hidden);
        if (Done < Steps.Count)
            yield return (Steps[Done].First, Steps[Done].Hidden);
    }
}
