using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Format;
using Xunit;

namespace Sesh.Tests.Store.Faults;

/// <summary>R3 for a home: its own document damaged anywhere, with and without the copy that others hold.</summary>
public sealed class DamagedHomeTests
{
    private const string Home = "/home";
    private static readonly SetClock Clock = new();
    private static readonly SessionId Extra = SessionId.Parse("44444444-4444-4444-8444-444444444444");

    [Fact]
    public void With_its_own_document_damaged_anywhere_a_home_loses_at_most_that_block_and_says_so_once()
    {
        var sound = Whole();
        var (path, bytes) = OwnDocument(sound);
        for (var at = 0; at < bytes.Length; at += Scale.Of(7, 1))
        {
            var home = Damaged(sound, path, bytes, at, keepsDocs: false);
            var expected = SparedBy(bytes, at);
            Assert.True(expected.IsSubsetOf(Held(home)), $"byte {at}: a reader misses entries");
            Assert.Contains(Open(home).Read().Notices, n => n is { Code: "damaged", Quiet: false });

            var writer = Open(home);
            writer.Write(_ => StoreHome.Birth(Extra, "alpha", "extra"));
            Assert.Contains(writer.Notices, n => n is { Code: "new-replica", Quiet: false });
            Assert.True(expected.IsSubsetOf(Held(home)), $"byte {at}: entries are gone after the next write");
            Assert.All(Open(home).Read().Notices, n => Assert.True(n.Quiet, $"byte {at}: {n.Message}"));
            Assert.Contains(home.List(Home + "/quarantine"), f => !f.EndsWith(".new", StringComparison.Ordinal));
            Assert.All(Open(home).Verify().Where(r => r.Ours), r => Assert.DoesNotContain(r.Notices, n => n.Code is "damaged" or "forked"));

            // A machine that holds nothing but docs/ sees the same, for sound frames are quoted.
            var peer = OnlyDocs(home);
            Assert.True(expected.IsSubsetOf(Held(peer)), $"byte {at}: a peer misses entries");
            Assert.Equal(Open(home).Read().Find(Script.First)?.Name, Open(peer).Read().Find(Script.First)?.Name);
        }
    }

    [Fact]
    public void What_peers_hold_of_a_damaged_document_brings_everything_back()
    {
        var sound = Whole();
        var (path, bytes) = OwnDocument(sound);
        var all = Held(sound);
        for (var at = 0; at < bytes.Length; at += Scale.Of(11, 1))
        {
            var home = Damaged(sound, path, bytes, at, keepsDocs: true);
            Open(home).Write(_ => StoreHome.Birth(Extra, "alpha", "extra"));
            Assert.True(all.IsSubsetOf(Held(home)), $"byte {at}: not everything came back");
            Assert.Equal("five", Open(home).Read().Find(Script.First)!.Name);
            Open(home).Write(_ => StoreHome.Rename(Script.First, "settled"));
            var record = Open(home).Read().Find(Script.First)!;
            Assert.Equal("settled", record.Name);
            Assert.Empty(record.Conflicts);
        }
    }

    [Fact]
    public void A_power_cut_at_any_call_of_mending_loses_nothing_that_was_sound()
    {
        var sound = Whole();
        var (path, bytes) = OwnDocument(sound);
        foreach (var at in (int[])[60, bytes.Length / 3, bytes.Length / 2, bytes.Length - 40])
        {
            var expected = SparedBy(bytes, at);
            for (var call = 1; ; call++)
            {
                var home = Damaged(sound, path, bytes, at, keepsDocs: false);
                home.CrashAt = home.Steps + call;
                var isThrough = true;
                try
                {
                    Open(home).Write(_ => StoreHome.Birth(Extra, "alpha", "extra"));
                }
                catch (PowerCutException)
                {
                    isThrough = false;
                }

                if (isThrough)
                    break;
                for (var seed = 0; seed < Scale.Of(2, 20); seed++)
                {
                    var after = home.AfterPowerCut(new Random(call * 100 + seed));
                    Open(after).Write(_ => StoreHome.Rename(Extra, "later"));
                    Assert.True(expected.IsSubsetOf(Held(after)), $"byte {at}, crash at call {call}, seed {seed}: entries are gone");
                    Assert.True(expected.IsSubsetOf(Held(OnlyDocs(after))), $"byte {at}, crash at call {call}, seed {seed}: a peer misses entries");
                    Assert.Equal("later", Open(after).Read().Find(Extra)!.Name);
                }
            }
        }
    }

    [Fact]
    public void A_received_document_that_is_damaged_is_read_past_and_kept()
    {
        var other = Whole();
        var home = new MemoryFiles();
        Open(home, "beta").Write(_ => StoreHome.Birth(Extra, "beta", "mine"));
        var published = other.List(Home + "/docs").Single();
        var bytes = other.Read($"{Home}/docs/{published}");
        bytes[^3] ^= 4;
        home.Put($"{Home}/docs/{published}", bytes);
        var store = Open(home, "beta");
        Assert.Contains(store.Read().Notices, n => n is { Code: "damaged", Quiet: false });
        store.Write(_ => StoreHome.Rename(Extra, "mine too"));
        Assert.DoesNotContain(store.Notices, n => n.Code == "new-replica");
        Assert.Equal(bytes, home.Read($"{Home}/docs/{published}"));
        Assert.All(Open(home, "beta").Read().Notices, n => Assert.True(n.Quiet));
        Assert.True(SparedBy(bytes, bytes.Length - 3).IsSubsetOf(Held(home, "beta")));
    }

    [Fact]
    public void A_frame_that_was_never_finished_is_kept_in_quarantine_and_cut_at_the_next_append()
    {
        var sound = Whole();
        var (path, bytes) = OwnDocument(sound);
        var home = sound.AfterKill();
        home.Put(path, bytes[..^5]);
        // The copy in docs/ would tell that the frame was finished.
        home.Remove($"{Home}/docs/{home.List(Home + "/docs").Single()}");
        var before = Open(home).Read();
        Assert.All(before.Notices, n => Assert.True(n.Quiet));
        Assert.Equal("three", before.Find(Script.First)!.Name);
        var store = Open(home);
        store.Write(_ => StoreHome.Rename(Script.First, "six"));
        Assert.DoesNotContain(store.Notices, n => n.Code == "new-replica");
        Assert.Equal("six", Open(home).Read().Find(Script.First)!.Name);
        Assert.Single(home.List(Home + "/quarantine"));
        Assert.All(Open(home).Verify(), r => Assert.Empty(r.Notices));
    }

    [Fact]
    public void A_table_of_replicas_that_is_lost_or_damaged_costs_no_more_than_a_new_id()
    {
        foreach (var spoil in (Action<MemoryFiles>[])
            [f => f.Remove(Home + "/own/replicas"), f => f.Put(Home + "/own/replicas", []), f => f.Put(Home + "/own/replicas", [0xFF, 0, 10, 13])])
        {
            var home = Whole();
            spoil(home);
            var store = Open(home);
            store.Write(_ => StoreHome.Rename(Script.First, "six"));
            Assert.Contains(store.Notices, n => n.Code == "new-replica");
            Assert.Equal("six", Open(home).Read().Find(Script.First)!.Name);
            Assert.Equal("h2", Open(home).Read().Find(Script.Hidden)!.Name);
            var again = Open(home);
            again.Write(_ => StoreHome.Rename(Script.First, "seven"));
            Assert.DoesNotContain(again.Notices, n => n.Code == "new-replica");
        }
    }

    private static MemoryFiles Whole()
    {
        var script = new Script(new MemoryFiles(), Home, Clock);
        script.Run();
        return script.Files;
    }

    private static SessionStore Open(MemoryFiles files, string machine = "alpha") =>
        SessionStore.Open(new StoreOptions(Home, MachineName.Parse(machine), Clock), files);

    private static (string Path, byte[] Bytes) OwnDocument(MemoryFiles files)
    {
        var name = files.List(Home + "/own").Single(n => n.EndsWith(".sesh", StringComparison.Ordinal) && !n.StartsWith("private.", StringComparison.Ordinal));
        return ($"{Home}/own/{name}", files.Read($"{Home}/own/{name}"));
    }

    private static MemoryFiles Damaged(MemoryFiles sound, string path, byte[] bytes, int at, bool keepsDocs)
    {
        var home = sound.AfterKill();
        var damaged = (byte[])bytes.Clone();
        damaged[at] ^= 0x10;
        home.Put(path, damaged);
        if (!keepsDocs)
            home.Remove($"{Home}/docs/{home.List(Home + "/docs").Single()}");
        return home;
    }

    private static MemoryFiles OnlyDocs(MemoryFiles home)
    {
        var peer = new MemoryFiles();
        peer.MakeFolder(Home);
        peer.MakeFolder(Home + "/docs");
        foreach (var name in home.List(Home + "/docs"))
            peer.Put($"{Home}/docs/{name}", home.Read($"{Home}/docs/{name}"));
        return peer;
    }

    private static HashSet<EntryName> SparedBy(byte[] bytes, int at)
    {
        var spared = new HashSet<EntryName>();
        var replica = DocumentReader.Read(bytes, new DocumentHint(default, "", false), prove: false)!.Header.Replica;
        for (var offset = 0; Block.Next(bytes, offset, out var block); offset = block.End)
        {
            if (at >= block.Offset && at < block.End)
                continue;
            if (block.Kind == BlockKind.Frame)
                spared.UnionWith(FramePayload.Read(block.Payload(bytes), replica, block.Digest).Entries.Select(e => e.Name));
            else if (block.Kind == BlockKind.Base)
                spared.UnionWith(BasePayload.Read(Inflation.Inflate(block.Payload(bytes)), replica, out _).Select(b => b.Entry.Name));
        }

        return spared;
    }

    private static HashSet<EntryName> Held(MemoryFiles files, string machine = "alpha") =>
        [.. ((SessionId[])[Script.First, Extra]).SelectMany(s => Open(files, machine).History(s)).Select(h => h.Entry.Name)];
}
