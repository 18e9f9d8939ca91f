using System.Collections.Immutable;
using MessagePack;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>What each side says first. Numbered keys; unknown ones are skipped, and the first two mean the same for ever.</summary>
/// <param name="Lowest">The lowest protocol version it speaks.</param>
/// <param name="Highest">The highest.</param>
/// <param name="Schema">The version of its document format.</param>
/// <param name="State">Its vector; empty where that follows in <paramref name="Follows"/> frames of its own, because it is large.</param>
internal sealed record Hello(
    int Lowest, int Highest, Capabilities Capabilities, string Machine, ReplicaId Replica, string Version, int Schema, Grant Allow, long ClockMs, StateVector State, int Follows)
{
    private const int MaxKeys = 64;
    private const int MaxVersion = 64;

    private enum Key
    {
        Lowest = 0,
        Highest = 1,
        Capabilities = 2,
        Machine = 3,
        Replica = 4,
        Version = 5,
        Schema = 6,
        Allow = 7,
        Clock = 8,
        State = 9,
        Follows = 10,
        Walks = 11,
    }

    public static Hello Of(LinkOptions options, ImmutableArray<StateChange> follows, StateVector state) => new(
        options.Protocols.Lowest,
        options.Protocols.Highest,
        Capabilities.Brotli | (options.Stays ? Capabilities.Stays : 0),
        options.Machine.Text,
        options.Replica,
        options.Version.Length <= MaxVersion ? options.Version : options.Version[..MaxVersion],
        FileFormat.Major,
        options.Allow,
        options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        follows.IsEmpty ? state : StateVector.Empty,
        follows.Length);

    public void Write(ref MessagePackWriter writer)
    {
        var tellsWalks = State.Live.Any(l => l.LastWalk > 0);
        writer.WriteMapHeader(9 + (Replica == default ? 0 : 1) + (Follows == 0 ? 0 : 1) + (tellsWalks ? 1 : 0));
        Write(ref writer, Key.Lowest, Lowest);
        Write(ref writer, Key.Highest, Highest);
        Write(ref writer, Key.Capabilities, (long)Capabilities);
        writer.Write((int)Key.Machine);
        writer.Write(Machine);
        if (Replica != default)
        {
            writer.Write((int)Key.Replica);
            Packed.Write(ref writer, Replica);
        }

        writer.Write((int)Key.Version);
        writer.Write(Version);
        Write(ref writer, Key.Schema, Schema);
        Write(ref writer, Key.Allow, (int)Allow);
        Write(ref writer, Key.Clock, ClockMs);
        writer.Write((int)Key.State);
        VectorFormat.Write(ref writer, State.Documents, State.Live);
        if (Follows != 0)
            Write(ref writer, Key.Follows, Follows);
        if (tellsWalks)
            WriteWalks(ref writer);
    }

    /// <exception cref="WireException">Whatever is wrong with it.</exception>
    public static Hello Read(ref MessagePackReader reader)
    {
        var hello = new Hello(0, 0, 0, "", default, "", 0, Grant.None, 0, StateVector.Empty, 0);
        ImmutableArray<long?> walks = [];
        var keys = reader.ReadMapHeader();
        if (keys > MaxKeys)
            throw new WireException("a hello with too many keys");
        for (; keys > 0; keys--)
        {
            hello = (Key)reader.ReadInt64() switch
            {
                Key.Lowest => hello with { Lowest = reader.ReadInt32() },
                Key.Highest => hello with { Highest = reader.ReadInt32() },
                Key.Capabilities => hello with { Capabilities = (Capabilities)reader.ReadInt64() },
                Key.Machine => hello with { Machine = Packed.Text(ref reader, Limits.Text) },
                Key.Replica => hello with { Replica = Packed.Replica(ref reader) },
                Key.Version => hello with { Version = Visible.Of(Packed.Text(ref reader, Limits.Text), MaxVersion) },
                Key.Schema => hello with { Schema = reader.ReadInt32() },
                Key.Allow => hello with { Allow = (Grant)Math.Clamp(reader.ReadInt64(), (long)Grant.None, (long)Grant.Drive) },
                Key.Clock => hello with { ClockMs = Packed.Natural(ref reader) },
                Key.State => hello with { State = ReadState(ref reader) },
                Key.Follows => hello with { Follows = (int)Math.Min(Packed.Natural(ref reader), Limits.Entries) },
                Key.Walks => ReadWalks(ref reader, hello, out walks),
                _ => Skipped(ref reader, hello),
            };
        }

        return hello with { State = hello.WithWalks(walks) };
    }

    private static void Write(ref MessagePackWriter writer, Key key, long value)
    {
        writer.Write((int)key);
        writer.Write(value);
    }

    // Of each live file, in their order: by how much of the owner's clock our hello is later. Small numbers, and exact whatever our clocks say.
    private void WriteWalks(ref MessagePackWriter writer)
    {
        writer.Write((int)Key.Walks);
        writer.WriteArrayHeader(State.Live.Length);
        foreach (var file in State.Live)
        {
            if (file.LastWalk > 0)
                writer.Write(ClockMs - file.LastWalk);
            else
                writer.WriteNil();
        }
    }

    private static Hello ReadWalks(ref MessagePackReader reader, Hello hello, out ImmutableArray<long?> walks)
    {
        var read = ImmutableArray.CreateBuilder<long?>();
        for (var n = Packed.Count(ref reader, Limits.Entries); n > 0; n--)
            read.Add(reader.TryReadNil() ? null : reader.ReadInt64());
        walks = read.ToImmutable();
        return hello;
    }

    private StateVector WithWalks(ImmutableArray<long?> walks) => walks.Length != State.Live.Length
        ? State
        : State with { Live = [.. State.Live.Select((l, i) => walks[i] is { } before && unchecked(ClockMs - before) is > 0 and var walk ? l with { LastWalk = walk } : l)] };

    private static StateVector ReadState(ref MessagePackReader reader)
    {
        var (documents, live) = VectorFormat.Read(ref reader);
        // In order, whatever order they came in.
        return (StateChange.None with { Documents = documents, Live = live }).ApplyTo(StateVector.Empty);
    }

    private static Hello Skipped(ref MessagePackReader reader, Hello hello)
    {
        Packed.Skip(ref reader);
        return hello;
    }
}

/// <summary>What a side can do beyond the protocol's version. Unknown ones are ignored.</summary>
[Flags]
internal enum Capabilities : long
{
    /// <summary>Takes what is compressed by Brotli.</summary>
    Brotli = 1,

    /// <summary>Keeps the link open, and takes requests on it as long.</summary>
    Stays = 2,
}

/// <summary>The protocol versions that one side speaks.</summary>
internal readonly record struct ProtocolRange(int Lowest, int Highest)
{
    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest} to {Highest}";
}
