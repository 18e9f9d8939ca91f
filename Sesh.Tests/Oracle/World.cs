using System.Text;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>
/// Machines that write, send and lose documents, and the truth about what each entry overwrote: for every entry (a ghost) the world knows all
/// entries of its register in its causal past, apart from the contexts that the rules under test go by.
/// </summary>
internal sealed class World
{
    public const long Day = 86_400_000;

    private readonly List<Ghost> _ghosts = [];
    private readonly Dictionary<EntryName, int> _numbers = [];
    private readonly Dictionary<Digest, GhostSet> _prefixes = new() { [Digest.Zero] = GhostSet.Empty };
    private int _ids;

    public static SessionId Session { get; } = new(7);

    public static Register Name { get; } = new(Session, Field.Name);

    public static Register Tag { get; } = new(Session, Field.Tag, "x");

    public List<Machine> Machines { get; } = [];

    /// <summary>The true time in milliseconds.</summary>
    public long Now { get; set; } = 10 * Day;

    /// <summary>Branches of one replica that were seen by anybody.</summary>
    public int Forks { get; set; }

    public int Written => _ghosts.Count;

    public static ReplicaId IdOf(string name)
    {
        Span<byte> bytes = stackalloc byte[ReplicaId.Size];
        bytes.Clear();
        Encoding.UTF8.GetBytes(name, bytes);
        return ReplicaId.Read(bytes);
    }

    public Machine Add(string name, ReplicaId? replica = null)
    {
        var machine = new Machine(this, name, replica ?? IdOf(name));
        Machines.Add(machine);
        return machine;
    }

    public ReplicaId FreshId(string name) => IdOf($"{name}'{++_ids}");

    public Entry EntryOf(int ghost) => _ghosts[ghost].Entry;

    public int NumberOf(Entry entry) => _numbers[entry.Name];

    /// <summary>The entries of a prefix, those that compaction dropped among them.</summary>
    public GhostSet Prefix(Digest head) => _prefixes[head];

    /// <summary>Notes entries not yet named, each with the ghosts of its register that its writer had seen.</summary>
    public Digest Note(Digest before, IReadOnlyList<(Register Register, bool IsAbsent, GhostSet Seen)> entries)
    {
        var prefix = _prefixes[before];
        var digest = Mix(before, _ghosts.Count);
        foreach (var (register, isAbsent, seen) in entries)
        {
            prefix = prefix.With(_ghosts.Count);
            var past = seen;
            foreach (var ghost in seen.Members())
                past |= _ghosts[ghost].Past;
            _ghosts.Add(new Ghost(register, isAbsent, past));
        }

        _prefixes[digest] = prefix;
        return digest;
    }

    /// <summary>Names the entries last noted.</summary>
    public void Bind(IReadOnlyList<Entry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var number = _ghosts.Count - entries.Count + i;
            _numbers[entries[i].Name] = number;
            _ghosts[number].Entry = entries[i];
        }
    }

    /// <summary>A frame that quotes entries: its document's prefix is made of these.</summary>
    public Digest NoteQuotes(Digest before, IEnumerable<Entry> quoted)
    {
        var prefix = quoted.Aggregate(_prefixes[before], (set, e) => set.With(_numbers[e.Name]));
        var digest = Mix(before, -1 - ++_ids);
        _prefixes[digest] = prefix;
        return digest;
    }

    public GhostSet OfRegister(GhostSet ghosts, Register register) =>
        ghosts.Members().Where(g => _ghosts[g].Register == register).Aggregate(GhostSet.Empty, (set, g) => set.With(g));

    public GhostSet PastOf(Entry entry) => _ghosts[NumberOf(entry)].Past;

    public GhostSet Everything() => Enumerable.Range(0, _ghosts.Count).Aggregate(GhostSet.Empty, (set, g) => set.With(g));

    /// <summary>What nothing among these overwrote, absent ones left out.</summary>
    public GhostSet Truth(GhostSet among)
    {
        var left = among;
        foreach (var ghost in among.Members())
            left -= _ghosts[ghost].Past;
        return Visible(left);
    }

    public GhostSet Visible(GhostSet ghosts) =>
        ghosts.Members().Where(g => !_ghosts[g].IsAbsent).Aggregate(GhostSet.Empty, (set, g) => set.With(g));

    /// <summary>Everybody sends everything to everybody until nothing changes.</summary>
    public void Exchange()
    {
        for (var round = 0; round < 8; round++)
        {
            var before = Machines.Sum(m => m.Changes);
            foreach (var from in Machines)
            {
                foreach (var to in Machines)
                {
                    if (from != to)
                        from.Send(to);
                }
            }

            if (before == Machines.Sum(m => m.Changes))
                return;
        }

        Assert.Fail("the exchange does not end");
    }

    private static Digest Mix(Digest before, long what)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size + 8];
        before.Write(bytes);
        BitConverter.TryWriteBytes(bytes[Digest.Size..], what);
        Span<byte> hash = stackalloc byte[Digest.Size];
        System.Security.Cryptography.SHA256.HashData(bytes, hash);
        return Digest.Read(hash);
    }

    private sealed class Ghost(Register register, bool isAbsent, GhostSet past)
    {
        public Register Register { get; } = register;

        public bool IsAbsent { get; } = isAbsent;

        public GhostSet Past { get; } = past;

        public Entry Entry { get; set; } = null!;
    }
}
