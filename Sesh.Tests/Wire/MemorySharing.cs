using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Tests.Wire;

/// <summary>
/// A home in memory for the protocol's tests: documents are lists of payloads whose digests chain, branches lie beside one another, live files are one stamp. What it takes it has checked
/// as the real one does, as far as the protocol can tell.
/// </summary>
internal sealed class MemorySharing : ISharing
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(ReplicaId Replica, Digest Head), ImmutableArray<byte[]>> _branches = [];
    private readonly Dictionary<string, LiveParcel> _live = [];

    public int Takes { get; private set; }

    public int Looks { get; private set; }

    /// <summary>What other sides told of live files.</summary>
    public ImmutableArray<LiveState> Confirmed { get; private set; } = [];

    public void Confirm(ImmutableArray<LiveState> told) => Confirmed = told;

    /// <summary>Said of each parcel before anything else.</summary>
    public Func<Parcel, Receipt?>? Judge { get; set; }

    public static ReplicaId Replica(int number) => new((UInt128)0xABCD_0000_0000_0001 << 64 | (UInt128)number * 0x9E37_79B9_7F4A_7C15);

    /// <summary>Appends to a document that this home alone has a branch of.</summary>
    public MemorySharing Write(int replica, params byte[][] payloads)
    {
        lock (_gate)
        {
            var old = _branches.Where(b => b.Key.Replica == Replica(replica)).OrderByDescending(b => b.Value.Length).FirstOrDefault();
            if (old.Value.IsDefault)
                old = new((Replica(replica), Digest.Zero), []);
            else
                _branches.Remove(old.Key);
            var grown = old.Value.AddRange(payloads);
            _branches[(Replica(replica), Chain(grown))] = grown;
        }

        return this;
    }

    public MemorySharing Live(string machine, int replica, long stamp, int rows = 1)
    {
        lock (_gate)
        {
            _live[machine] = new LiveParcel(
                new LiveState(machine, Replica(replica), 1, Hlc.AtWall(stamp)), 7, stamp, stamp, true,
                [.. Enumerable.Range(0, rows).Select(i => (new SessionId((UInt128)i), (ReadOnlyMemory<byte>)new byte[40]))]);
        }

        return this;
    }

    /// <summary>What lies where: equal for two homes that hold the same.</summary>
    public string Contents
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _branches.Select(b => $"{b.Key.Replica} {b.Value.Length} {b.Key.Head}").Order()
                    .Concat(_live.Select(l => $"{l.Key} {l.Value.State.Stamp} {l.Value.Rows.Length}").Order()));
            }
        }
    }

    public StateVector State()
    {
        lock (_gate)
        {
            Looks++;
            return new StateVector(
                [.. _branches.Select(b => new DocumentState(b.Key.Replica, 0, b.Value.Length, b.Key.Head.High, 0, 0)).OrderBy(d => d.Replica).ThenBy(d => d.Head)],
                [.. _live.Values.Select(l => l.State).OrderBy(l => l.Replica).ThenBy(l => l.Machine, StringComparer.Ordinal)]);
        }
    }

    public IEnumerable<Parcel> Offer(StateVector theirs)
    {
        List<Parcel> parcels = [];
        lock (_gate)
        {
            foreach (var (name, payloads) in _branches)
            {
                var held = theirs.Documents.Where(d => d.Replica == name.Replica).ToList();
                if (held.Any(h => h.Head == name.Head.High))
                    continue;
                // Theirs may go on behind ours: who does not hold theirs cannot tell, and waits for it.
                if (held.Any(h => h.End > payloads.Length && !_branches.Keys.Any(b => b.Replica == h.Replica && b.Head.High == h.Head)))
                    continue;
                // The longest of our prefixes that they hold as one of their branches.
                var common = held.Where(h => h.End > 0 && h.End < payloads.Length).OrderByDescending(h => h.End)
                    .Select(h => (Count: (int)h.End, Digest: Chain(payloads[..(int)h.End]), h.Head)).FirstOrDefault(p => p.Head == p.Digest.High);
                var head = new SignedHead(name.Replica, payloads.Length, name.Head, Digest.Zero, [.. new byte[64]]);
                if (common.Count > 0)
                    parcels.Add(new FramesParcel(name.Replica, common.Count, common.Digest, Blocks(payloads[common.Count..]), head));
                else
                    parcels.Add(new DocumentParcel(name.Replica, new byte[] { 1 }, ReadOnlyMemory<byte>.Empty, Blocks(payloads), head));
            }

            foreach (var live in _live.Values)
            {
                var held = theirs.Live.FirstOrDefault(l => l.Machine == live.State.Machine);
                if (held.Machine is null || held.Stamp < live.State.Stamp)
                    parcels.Add(live);
            }
        }

        return parcels;
    }

    public Receipt Take(Parcel parcel, string from)
    {
        lock (_gate)
        {
            Takes++;
            if (Judge?.Invoke(parcel) is { } said)
                return said;
            return parcel switch
            {
                FramesParcel frames => Take(frames),
                DocumentParcel document => Take(document.Replica, [], document.Blocks, document.Head),
                LiveParcel live => Take(live),
                _ => new Receipt(Outcome.Refused, "a kind that this home does not have"),
            };
        }
    }

    public static byte[] Payload(int number, int size = 120)
    {
        var bytes = new byte[size];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private Receipt Take(FramesParcel frames)
    {
        foreach (var (name, payloads) in _branches)
        {
            if (name.Replica == frames.Replica && payloads.Length >= frames.After && Chain(payloads[..(int)frames.After]) == frames.AfterDigest)
                return Take(frames.Replica, payloads[..(int)frames.After], frames.Blocks, frames.Head);
        }

        return new Receipt(Outcome.Unjoined, "no such prefix");
    }

    private Receipt Take(ReplicaId replica, ImmutableArray<byte[]> before, ImmutableArray<ShippedBlock> blocks, SignedHead head)
    {
        var grown = before.AddRange(blocks.Select(b => b.Bytes.ToArray()));
        if (Chain(grown) != head.Digest)
            return new Receipt(Outcome.Refused, "another digest");
        if (_branches.ContainsKey((replica, head.Digest)))
            return new Receipt(Outcome.Known);
        foreach (var (name, held) in _branches.ToList())
        {
            if (name.Replica != replica)
                continue;
            if (held.Length >= grown.Length && Chain(held[..grown.Length]) == head.Digest)
                return new Receipt(Outcome.Known);
            if (held.Length < grown.Length && Chain(grown[..held.Length]) == name.Head)
                _branches.Remove(name);
        }

        _branches[(replica, head.Digest)] = grown;
        return new Receipt(Outcome.Taken);
    }

    private Receipt Take(LiveParcel live)
    {
        if (_live.TryGetValue(live.State.Machine, out var held) && held.State.Stamp >= live.State.Stamp)
            return new Receipt(Outcome.Known);
        _live[live.State.Machine] = live;
        return new Receipt(Outcome.Taken);
    }

    private static ImmutableArray<ShippedBlock> Blocks(ImmutableArray<byte[]> payloads) => [.. payloads.Select(p => new ShippedBlock((byte)'F', p))];

    private static Digest Chain(ImmutableArray<byte[]> payloads)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var payload in payloads)
        {
            hash.AppendData(BitConverter.GetBytes(payload.Length));
            hash.AppendData(payload);
        }

        return payloads.Length == 0 ? Digest.Zero : Digest.Read(hash.GetHashAndReset());
    }
}
