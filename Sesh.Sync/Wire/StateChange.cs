using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>How a vector differs from an earlier one. All branches of a document are told again where one changed.</summary>
internal sealed record StateChange(
    ImmutableArray<DocumentState> Documents, ImmutableArray<ReplicaId> Gone, ImmutableArray<LiveState> Live, ImmutableArray<(string Machine, ReplicaId Replica)> GoneLive)
{
    public static StateChange None { get; } = new([], [], [], []);

    /// <summary>Entries to a frame: the largest of them fit.</summary>
    private const int Portion = 200;

    public bool IsEmpty => Documents.IsEmpty && Gone.IsEmpty && Live.IsEmpty && GoneLive.IsEmpty;

    public static StateChange Between(StateVector before, StateVector now)
    {
        if (before.Documents.AsSpan().SequenceEqual(now.Documents.AsSpan()) && before.Live.AsSpan().SequenceEqual(now.Live.AsSpan()))
            return None;
        var (old, held) = (before.Documents.ToLookup(d => d.Replica), now.Documents.ToLookup(d => d.Replica));
        var (oldLive, live) = (before.Live.ToHashSet(), now.Live.Select(Key).ToHashSet());
        return new StateChange(
            [.. held.Where(d => !d.SequenceEqual(old[d.Key])).SelectMany(d => d)],
            [.. old.Where(d => !held.Contains(d.Key)).Select(d => d.Key)],
            [.. now.Live.Where(l => !oldLive.Contains(l))],
            [.. before.Live.Select(Key).Where(k => !live.Contains(k))]);
    }

    /// <exception cref="WireException">More comes out than one machine may name.</exception>
    public StateVector ApplyTo(StateVector before)
    {
        if (IsEmpty)
            return before;
        var replaced = Documents.Select(d => d.Replica).Concat(Gone).ToHashSet();
        var replacedLive = Live.Select(Key).Concat(GoneLive).ToHashSet();
        var now = new StateVector(
            [.. before.Documents.Where(d => !replaced.Contains(d.Replica)).Concat(Documents).OrderBy(d => d.Replica).ThenBy(d => d.Head)],
            [.. before.Live.Where(l => !replacedLive.Contains(Key(l))).Concat(Live).OrderBy(l => l.Replica).ThenBy(l => l.Machine, StringComparer.Ordinal)]);
        return now.Documents.Length <= Limits.Entries && now.Live.Length <= Limits.Entries ? now : throw new WireException("more documents than a machine may hold");
    }

    /// <summary>In parts of which each fits a frame.</summary>
    public IEnumerable<StateChange> Portions()
    {
        if (Documents.Length <= Portion && Gone.Length <= Portion && Live.Length <= Portion && GoneLive.Length <= Portion)
            return [this];
        return Documents.GroupBy(d => d.Replica).Chunk(Portion / 2).Select(d => None with { Documents = [.. d.SelectMany(b => b.Take(Portion))] })
            .Concat(Gone.Chunk(Portion).Select(g => None with { Gone = [.. g] }))
            .Concat(Live.Chunk(Portion).Select(l => None with { Live = [.. l] }))
            .Concat(GoneLive.Chunk(Portion).Select(g => None with { GoneLive = [.. g] }));
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        VectorFormat.Write(ref writer, Documents, Live);
        writer.WriteArrayHeader(Gone.Length);
        foreach (var replica in Gone)
            Packed.Write(ref writer, replica);
        writer.WriteArrayHeader(2 * GoneLive.Length);
        foreach (var (machine, replica) in GoneLive)
        {
            writer.Write(machine);
            Packed.Write(ref writer, replica);
        }
    }

    public static StateChange Read(ref MessagePackReader reader)
    {
        var fields = Packed.Count(ref reader, 16);
        var (documents, live) = VectorFormat.Read(ref reader);
        var gone = ImmutableArray.CreateBuilder<ReplicaId>();
        for (var n = Packed.Count(ref reader, Limits.Entries); n > 0; n--)
            gone.Add(Packed.Replica(ref reader));
        var goneLive = ImmutableArray.CreateBuilder<(string, ReplicaId)>();
        for (var n = Packed.Count(ref reader, 2 * Limits.Entries); n > 0; n -= 2)
            goneLive.Add((Packed.Machine(ref reader), Packed.Replica(ref reader)));
        Packed.SkipRest(ref reader, fields, 4);
        return new StateChange(documents, gone.ToImmutable(), live, goneLive.ToImmutable());
    }

    private static (string Machine, ReplicaId Replica) Key(LiveState live) => (live.Machine, live.Replica);
}
