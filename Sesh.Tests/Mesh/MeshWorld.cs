using System.Collections.Immutable;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Sharing;
using Sesh.Tests.Oracle;
using Sesh.Tests.Store;
using Sesh.Tests.Store.Faults;
using Sesh.Tests.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Mesh;

/// <summary>A few homes in memory, each with a clock of its own, over real <see cref="Sync.Store.Sharing.Sharing"/>; and parcels that are under way between them.</summary>
internal sealed class MeshWorld
{
    private const int MostHomes = 6;
    private const int MostUnderWay = 40;

    private readonly List<SharingHome> _homes = [];
    private readonly List<Parcel> _underWay = [];
    private readonly List<SessionId> _sessions = [];
    private readonly MeshTruth _truth = new();
    private (SharingHome Home, MemoryFiles Files)? _backup;
    private readonly HashSet<ReplicaId> _struck = [];
    private readonly Dictionary<SharingHome, (MemoryFiles Files, int Steps, ImmutableArray<DocumentState> Documents)> _said = [];
    private IReadOnlyList<Receipt> _lastReceipts = [];
    private int _written;

    public MeshWorld(IEnumerable<long> skews)
    {
        foreach (var skew in skews)
            _homes.Add(new SharingHome("abcdef"[_homes.Count].ToString(), new SetClock(SetClock.Start + skew)));
    }

    public IReadOnlyList<SharingHome> Homes => _homes;

    /// <summary>Replicas of which two branches are held in the end.</summary>
    public int Forks { get; private set; }

    /// <summary>What became of how many parcels, by what they were.</summary>
    public Dictionary<(Type Parcel, Outcome Outcome), int> Outcomes { get; } = [];

    public void Pass(long milliseconds)
    {
        foreach (var home in _homes)
            ((SetClock)home.Time).Milliseconds += milliseconds;
    }

    public SharingHome Home(int choice) => _homes[choice % _homes.Count];

    public void Write(SharingHome home, Step step)
    {
        for (var i = 0; i <= step.Who % 4; i++)
            WriteOnce(home, step with { Choice = step.Choice + i });
    }

    private void WriteOnce(SharingHome home, Step step)
    {
        var snapshot = home.Store.Read();
        var known = _sessions.Where(s => snapshot.State(s) is not null).ToList();
        Acting(home, () =>
        {
            Written? written;
            if (known.Count == 0 || step.Choice % 16 == 0)
            {
                var session = SessionId.New();
                _sessions.Add(session);
                written = home.Store.Write(_ => StoreHome.Birth(session, home.Machine, $"w{_written++}"));
            }
            else
            {
                written = home.Store.Write(_ => new Draft("set", [], [.. Changes(known[step.More % known.Count], step)]));
            }

            _truth.Note(home, written?.Operation.Check);
        });
    }

    public void Undo(SharingHome home) => Acting(home, () =>
    {
        try
        {
            _truth.Note(home, home.Store.Undo(null, force: false).Written?.Operation.Check);
        }
        catch (SeshException)
        {
            // Nothing to undo here: as good a step as any.
        }
    });

    public void Compact(SharingHome home) => Acting(home, () => home.Store.Compact());

    /// <summary>What one lacks is sent by another: some of it, in any order, some of it twice, some of it much later.</summary>
    public void Send(SharingHome from, SharingHome to, Step step)
    {
        var parcels = from.Sharing.Offer(to.State()).ToList();
        _underWay.AddRange(parcels.Take(MostUnderWay - _underWay.Count));
        var luck = new Random(step.More);
        if (step.More % 3 == 0)
            parcels = [.. parcels.OrderBy(_ => luck.Next())];
        if (step.More % 4 == 0)
            parcels = [.. parcels, .. parcels];
        if (step.More % 5 == 0)
            parcels = [.. parcels.Take(luck.Next(parcels.Count + 1))];
        foreach (var parcel in parcels)
            Take(to, parcel);
    }

    /// <summary>Something that was sent to somebody at some time arrives here.</summary>
    public void Arrive(SharingHome at, Step step)
    {
        if (_underWay.Count > 0)
            Take(at, step.Pick(_underWay));
    }

    /// <summary>The power goes at one of the next calls of the file system, or the process alone dies.</summary>
    public void Crash(SharingHome home, Step step, Action act)
    {
        home.Files.CrashAt = home.Files.Steps + 1 + step.Choice % 16;
        try
        {
            act();
        }
        catch (PowerCutException)
        {
            // The step under way was not acknowledged.
        }

        home.Files = step.More % 3 == 0 ? home.Files.AfterKill() : home.Files.AfterPowerCut(new Random(step.More));
        _truth.Note(home);
    }

    public void Clone(SharingHome home, Step step)
    {
        if (_homes.Count == MostHomes)
            return;
        // A copied folder is another host's; an image of a whole machine wakes up as the same.
        var files = step.Choice % 3 == 0 ? AsAnotherHost(home.Files) : home.Files.AfterKill();
        var machine = step.Choice % 6 == 0 ? "abcdef"[_homes.Count].ToString() : home.Machine;
        _homes.Add(new SharingHome(machine, new SetClock(((SetClock)home.Time).Milliseconds), files));
    }

    public void Backup(SharingHome home) => _backup = (home, home.Files.AfterKill());

    /// <summary>In its place, file for file: then the host is the same. Or beside it, as most tools do: then it is another.</summary>
    public void Restore(Step step)
    {
        if (_backup is not var (home, files))
            return;
        var before = _truth.Held(home);
        _struck.UnionWith(home.Store.Verify().Where(r => r.Ours).Select(r => r.Replica).OfType<ReplicaId>());
        home.Files = step.Choice % 4 == 0 ? AsAnotherHost(files) : files.AfterKill();
        _truth.Forgive(before, _homes);
    }

    /// <summary>Everybody meets everybody until nobody has anything to give; then all is compared.</summary>
    public void Settle()
    {
        ExchangeAll(proves: true);
        _truth.AssertNothingLost(_homes);
        Forks = _homes[0].State().Documents.CountBy(d => d.Replica).Count(c => c.Value > 1);

        // Whoever writes next mends what a crash left of its own files.
        foreach (var home in _homes)
        {
            home.Register("mended");
            _truth.Note(home);
        }

        ExchangeAll(proves: false);

        // One write that has seen everything leaves one value everywhere, but for a stray, which nobody else can have seen.
        var snapshot = _homes[0].Store.Read();
        if (_sessions.Find(s => snapshot.State(s) is not null) is var session && session != default)
        {
            _homes[0].Rename(session, "settled");
            _truth.Note(_homes[0]);
            ExchangeAll(proves: false);
            foreach (var home in _homes)
                Assert.Equal(["settled"], home.Store.Read().State(session)!.Of(Field.Name)!.Survivors.Where(e => !_truth.IsStray(e.Name)).Select(e => e.Value.AsText()));
        }

        _truth.AssertNothingLost(_homes);
        if (_homes.Find(h => !h.Store.Verify().All(IsSound)) is { } damaged)
            Assert.Fail($"damage at {damaged.Machine}\n{MeshTruth.Print(_homes)}");
    }

    // The end of a branch that a power cut tore, and of which whoever wrote it has lost the rest, nobody can mend.
    private bool IsSound(DocumentReport report) =>
        report.Notices.All(n => n.Code is not ("damaged" or "foreign-file")) || (!report.Ours && report.Replica is { } replica && _struck.Contains(replica));

    /// <param name="proves">That who holds the same is offered nothing is tried as well, not taken for granted.</param>
    private void ExchangeAll(bool proves)
    {
        var rounds = 0;
        for (var isQuiet = false; !isQuiet; rounds++)
        {
            if (rounds == 12)
                Assert.Fail($"the homes never come to an end\n{string.Join('\n', _homes.Select(h => $"{h.Machine} says {string.Join(' ', Says(h))}"))}\n{string.Join(' ', _lastReceipts)}\n{MeshTruth.Print(_homes)}");
            isQuiet = true;
            foreach (var (from, to) in Pairs().Where(p => !Says(p.From).SequenceEqual(Says(p.To))))
            {
                var receipts = to.TakeFrom(from);
                isQuiet &= receipts.Count == 0;
                _lastReceipts = receipts;
                Assert.All(receipts, r => Assert.NotEqual(Outcome.Refused, r.Outcome));
            }
        }

        var state = Says(_homes[0]);
        if (_homes.Find(h => !state.SequenceEqual(Says(h))) is { } other)
            Assert.Fail($"{string.Join('\n', state)}\nbut at {other.Machine}\n{string.Join('\n', Says(other))}\n{MeshTruth.Print(_homes)}");
        if (!proves)
            return;
        foreach (var (from, to) in Pairs())
            Assert.Empty(to.TakeFrom(from));
    }

    private IEnumerable<(SharingHome From, SharingHome To)> Pairs() => _homes.SelectMany(_ => _homes, (from, to) => (from, to)).Where(p => p.from != p.to);

    // Reading all of a home is most of what a script costs; nothing changes without a step.
    private ImmutableArray<DocumentState> Says(SharingHome home)
    {
        if (_said.TryGetValue(home, out var said) && said.Files == home.Files && said.Steps == home.Files.Steps)
            return said.Documents;
        var documents = home.State().Documents;
        _said[home] = (home.Files, home.Files.Steps, documents);
        return documents;
    }

    private void Take(SharingHome to, Parcel parcel) => Acting(to, () =>
    {
        var receipt = to.Sharing.Take(parcel, "somebody");
        var kind = (parcel.GetType(), receipt.Outcome);
        Outcomes[kind] = Outcomes.GetValueOrDefault(kind) + 1;
        Assert.True(receipt.Outcome != Outcome.Refused, receipt.Reason);
        if (receipt.Outcome != Outcome.Unjoined)
            Assert.Equal(Outcome.Known, to.Sharing.Take(parcel, "somebody").Outcome);
    });

    // What was written before the power went is noted in any case.
    private void Acting(SharingHome home, Action act)
    {
        try
        {
            act();
        }
        finally
        {
            _truth.Note(home);
        }
    }

    private IEnumerable<Change> Changes(SessionId session, Step step)
    {
        var count = step.More % 4 == 0 ? 2 : 1;
        for (var i = 0; i < count; i++)
        {
            var draw = step.Choice + (i * 37) + step.More;
            var register = (step.Choice + i) % 4 < 2 ? new Register(session, Field.Name) : new Register(session, Field.Tag, "t");
            yield return new Change(register, draw % 10 < 7 ? Value.Of($"w{_written++}") : Value.Absent);
        }
    }

    private static MemoryFiles AsAnotherHost(MemoryFiles files)
    {
        var copy = files.AfterKill();
        const string Table = SharingHome.Path + "/own/replicas";
        if (copy.Stat(Table) is not null)
            copy.Put(Table, copy.Read(Table));
        return copy;
    }
}
