using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Wire;
using Xunit;

namespace Sesh.Tests.Wire;

/// <summary>Random and mutated bytes wherever bytes of a peer are read: no crash, no hang, no memory beyond what came.</summary>
public sealed class WireFuzzTests
{
    private static readonly SignedHead Head = new(MemorySharing.Replica(1), 3, new Digest(1, 2), new Digest(3, 4), [.. new byte[64]]);

    /// <summary>Every kind of message, well-formed, with its reader.</summary>
    private static readonly (byte[] Sample, Action<byte[]> Read)[] Messages =
    [
        (Packed.Write(RawPeer.SayHello(Vector())).ToArray(), b => Packed.Read(b, "a hello", Hello.Read)),
        (Packed.Write(StateChange.Between(StateVector.Empty, Vector()).Write).ToArray(), b => Packed.Read(b, "a state", StateChange.Read).ApplyTo(Vector())),
        (ParcelFormat.Write(new FramesParcel(MemorySharing.Replica(1), 2, new Digest(5, 6), [new((byte)'F', new byte[30]), new(7, new byte[9])], Head)).ToArray(), b => ParcelFormat.Read(b)),
        (ParcelFormat.Write(new DocumentParcel(MemorySharing.Replica(1), new byte[20], new byte[40], [new((byte)'F', new byte[30])], Head)).ToArray(), b => ParcelFormat.Read(b)),
        (ParcelFormat.Write(new CompactionParcel(MemorySharing.Replica(1), new byte[20], new Digest(5, 6), Head)).ToArray(), b => ParcelFormat.Read(b)),
        (ParcelFormat.Write(new LiveParcel(Vector().Live[0], 9, 5, 6, true, [(SessionId.New(), new byte[50]), (SessionId.New(), new byte[50])])).ToArray(), b => ParcelFormat.Read(b)),
        (RequestFormat.Write(new Request { Verb = "tail", Arguments = ["a", "b c"], Target = "desk", Path = ["x"], Terminal = new(80, 24, "xterm") }).ToArray(), b => RequestFormat.Read(b)),
        (RequestFormat.Write(new SeshException("gone", "it is gone", "look", 3)).ToArray(), b => RequestFormat.ReadFailure(b)),
        (new Marker(300, true, true, 5, 70_000).Write().ToArray(), b => Marker.Read(b)),
    ];

    [Fact]
    public void Messages_from_anywhere_are_read_or_refused_within_their_own_size()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Scale.Of(60_000, 10_000_000); i++)
        {
            var (sample, read) = Messages[random.Next(Messages.Length)];
            var bytes = random.Next(8) == 0 ? RandomBytes(random, 300) : Mutated(random, sample);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (WireException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {Convert.ToHexString(bytes)}: {e}");
            }

            var took = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(took < 100_000 + (64 * bytes.Length), $"seed {seed}: {took} bytes for {Convert.ToHexString(bytes)}");
        }
    }

    [Fact]
    public async Task Links_that_are_fed_anything_come_to_an_end()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var talk = await RecordedAsync();
        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < Scale.Of(1500, 200_000); i++)
        {
            var round = random.Next();
            await FedAsync(new Random(round), talk).WaitAsync(TimeSpan.FromSeconds(30)).ContinueWith(
                t => Assert.True(t.IsCompletedSuccessfully, $"seed {round}: {t.Exception}"), TaskScheduler.Default);
            if (i % 10_000 == 9_999)
                Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 64 << 20);
        }

        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 64 << 20);
    }

    /// <summary>What a laptop said in a whole exchange with requests both ways: the raw material.</summary>
    private static async Task<byte[]> RecordedAsync()
    {
        static IRequestHandler Echo() => new GivenHandler(async (_, _, streams, cancel) =>
        {
            await streams.Input.CopyToAsync(streams.Output, cancel);
            return 2;
        });
        var record = new MemoryStream();
        var desk = new MemorySharing().Write(1, MemorySharing.Payload(1), MemorySharing.Payload(2)).Live("desk", 1, 5);
        var laptop = new MemorySharing().Write(1, MemorySharing.Payload(1)).Write(2, [.. Enumerable.Range(0, 20).Select(_ => new byte[100])]).Live("laptop", 2, 6);
        await using var pair = await LinkPair.OpenAsync(
            LinkPair.Options("desk", desk) with { Requests = Echo() }, LinkPair.Options("laptop", laptop) with { Requests = Echo() }, (_, b) => b.Way.Record = record);
        await pair.SyncAsync();
        foreach (var link in new[] { pair.A, pair.B })
            await link.AskAsync(new Request { Verb = "cat", Arguments = ["x"] }, new RequestStreams(new MemoryStream(new byte[1000]), new MemoryStream(), Stream.Null), default);
        await pair.A.PingAsync(default);
        await pair.B.DisposeAsync();
        return record.ToArray();
    }

    private static async Task FedAsync(Random random, byte[] talk)
    {
        var home = new MemorySharing().Write(1, MemorySharing.Payload(1), MemorySharing.Payload(2)).Live("desk", 1, 5);
        var options = LinkPair.Options("desk", home) with
        {
            Requests = new GivenHandler(async (_, _, streams, cancel) =>
            {
                await streams.Input.CopyToAsync(streams.Output, cancel);
                return 2;
            }),
        };
        var (here, there) = PipeConnection.Pair();
        var feeding = Task.Run(async () =>
        {
            try
            {
                await there.Output.WriteAsync(Feed(random, talk));
            }
            catch (IOException)
            {
                // The link had enough.
            }

            await there.DisposeAsync();
        });
        try
        {
            await using var link = await Link.OpenAsync(here, options, CancellationToken.None);
            var asked = link.AskAsync(new Request { Verb = "cat" }, new RequestStreams(new MemoryStream(new byte[100]), Stream.Null, Stream.Null), default);
            var synced = link.SyncAsync(default);
            await link.Ended;
            foreach (var waiting in new Task[] { asked, synced })
                await waiting.ContinueWith(t => Assert.True(t.Exception?.InnerException is null or SeshException, $"{t.Exception}"), TaskScheduler.Default);
        }
        catch (SeshException)
        {
        }

        await feeding;
    }

    /// <summary>The talk with bytes changed, or its beginning and then frames of any kind.</summary>
    private static byte[] Feed(Random random, byte[] talk)
    {
        if (random.Next(3) > 0)
            return Mutated(random, talk);
        var feed = new List<byte>(FrameReader.Magic.ToArray());
        if (random.Next(10) > 0)
            feed.AddRange(RawPeer.Bytes(FrameKind.Hello, 0, Packed.Write(RawPeer.SayHello(StateVector.Empty)).Span));
        for (var n = random.Next(30); n > 0; n--)
        {
            var (sample, _) = Messages[random.Next(Messages.Length)];
            var payload = random.Next(3) switch
            {
                0 => RandomBytes(random, 50),
                1 => sample,
                _ => Mutated(random, sample),
            };
            var kind = (FrameKind)random.Next(26);
            if (kind == FrameKind.Exchange && random.Next(2) == 0)
                payload = new StreamMessage((MessageType)random.Next(3), payload).Encode(random.Next(2) == 0).ToArray();
            feed.AddRange(RawPeer.Bytes(kind, (uint)random.Next(4), payload, random.Next(40) == 0 ? random.Next() : null));
        }

        return [.. feed];
    }

    private static byte[] Mutated(Random random, byte[] sample)
    {
        var bytes = sample.ToList();
        for (var n = random.Next(1, 5); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, RandomBytes(random, 20));
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at)));
                    break;
                default:
                    // What a length or a count is made of.
                    bytes[at] = (byte)(random.Next(2) == 0 ? 0xFF : 0xDC + random.Next(2));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] RandomBytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static StateVector Vector() => new(
        [.. Enumerable.Range(0, 3).Select(i => new DocumentState(MemorySharing.Replica(i), i, 100 * i, (UInt128)i, 0, 0)).OrderBy(d => d.Replica)],
        [new LiveState("desk", MemorySharing.Replica(1), 1, Hlc.AtWall(1_760_000_000_000)), new LiveState("laptop", MemorySharing.Replica(77), 2, Hlc.AtWall(5))]);
}
