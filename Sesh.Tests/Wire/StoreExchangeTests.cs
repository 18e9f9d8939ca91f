using System.Diagnostics;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Sharing;
using Sesh.Sync.Wire;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Wire;

/// <summary>The exchange between real homes: what it costs in bytes (figure P10), and that both hold the same afterwards.</summary>
public sealed class StoreExchangeTests(ITestOutputHelper output) : IDisposable
{
    private readonly Home[] _homes = [.. new[] { "desk", "laptop", "phone", "tower", "attic" }.Select(m => new Home(m))];

    private Home Desk => _homes[0];

    private Home Laptop => _homes[1];

    public void Dispose()
    {
        foreach (var home in _homes)
            home.Dispose();
    }

    private static LinkOptions Options(Home home) => new()
    {
        Machine = MachineName.Parse(home.Machine),
        Replica = home.State().Documents is { IsEmpty: false } documents ? documents[0].Replica : default,
        Version = "0.1.0",
        Sharing = home.Sharing,
    };

    private async Task<long> ExchangeAsync(Home a, Home b)
    {
        var clock = Stopwatch.StartNew();
        await using var pair = await LinkPair.OpenAsync(Options(a), Options(b));
        var (report, _) = await pair.SyncAsync();
        await pair.A.DisposeAsync();
        Assert.Null(await pair.B.Ended);
        Assert.Equal(a.State().Documents.AsEnumerable(), b.State().Documents);
        Assert.Equal(a.State().Live.ToHashSet(), b.State().Live.ToHashSet());
        Assert.Empty(report.Refused);
        output.WriteLine($"{pair.Bytes} bytes, {report.Sent} sent, {report.Received} received, {clock.ElapsedMilliseconds} ms");
        return pair.Bytes;
    }

    /// <summary>Every home has written, and all of them hold all.</summary>
    private async Task<SessionId[]> EverybodyAsync(int sessions)
    {
        var made = _homes.Select(h => Enumerable.Range(0, sessions).Select(i => h.Register($"{h.Machine} {i}")).ToArray()).ToArray();
        foreach (var (home, of) in _homes.Zip(made))
            home.Look(of);
        foreach (var home in _homes.Skip(1))
            await ExchangeAsync(Desk, home);
        foreach (var home in _homes.Skip(1))
            await ExchangeAsync(Desk, home);
        return made[0];
    }

    [Fact]
    public async Task Five_machines_with_nothing_new_one_change_and_a_thousand_renames_stay_within_their_bytes()
    {
        var sessions = await EverybodyAsync(20);
        Assert.InRange(await ExchangeAsync(Desk, Laptop), 1, 800);
        Desk.Rename(sessions[3], "another name for it");
        Assert.InRange(await ExchangeAsync(Desk, Laptop), 1, 1200);
        Assert.Equal("another name for it", Laptop.NameOf(sessions[3]));
        for (var i = 0; i < 1000; i++)
            Desk.Rename(sessions[i % sessions.Length], $"renamed for the time number {i}");
        Assert.InRange(await ExchangeAsync(Desk, Laptop), 1, 120_000);
        Assert.Equal("renamed for the time number 999", Laptop.NameOf(sessions[999 % sessions.Length]));
        Assert.InRange(await ExchangeAsync(Desk, Laptop), 1, 800);
        Desk.Look(sessions);
        Assert.InRange(await ExchangeAsync(Desk, Laptop), 1, 2500);
    }

    [Fact]
    public async Task News_of_both_sides_and_of_third_machines_meet()
    {
        var sessions = await EverybodyAsync(2);
        _homes[2].Rename(sessions[0], "by phone");
        await ExchangeAsync(_homes[2], Laptop);
        Desk.Rename(sessions[1], "by desk");
        await ExchangeAsync(Laptop, Desk);
        Assert.Equal(("by phone", "by desk"), (Desk.NameOf(sessions[0]), Laptop.NameOf(sessions[1])));
    }

    [Fact]
    public async Task A_home_put_back_from_a_backup_gets_again_what_it_had_written_since()
    {
        var session = Desk.Register("one");
        await ExchangeAsync(Desk, Laptop);
        var backup = Directory.EnumerateFiles(Desk.Path, "*.sesh", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes);
        Desk.Rename(session, "after the backup");
        await ExchangeAsync(Desk, Laptop);
        foreach (var (file, bytes) in backup)
            File.WriteAllBytes(file, bytes);
        Assert.Equal("one", Desk.NameOf(session));
        await ExchangeAsync(Desk, Laptop);
        Assert.Equal("after the backup", Desk.NameOf(session));
    }

    [Fact]
    public async Task Changes_are_pushed_over_a_link_that_stays_open()
    {
        var session = Desk.Register("one");
        await using var pair = await LinkPair.OpenAsync(Options(Desk), Options(Laptop));
        await pair.SyncAsync();
        var before = pair.Bytes;
        Desk.Rename(session, "two");
        pair.A.Changed();
        Until.True(() => Laptop.NameOf(session) == "two", "the new name at laptop");
        await pair.SyncAsync();
        output.WriteLine($"{pair.Bytes - before} bytes");
        Laptop.Rename(session, "three");
        pair.B.Changed();
        Until.True(() => Desk.NameOf(session) == "three", "the new name at desk");
    }

    private sealed class Home(string machine) : IDisposable
    {
        private readonly StoreHome _home = new();

        public string Machine { get; } = machine;

        public string Path => _home.Path;

        public Sharing Sharing => new(Options);

        private StoreOptions Options => new(_home.Path, MachineName.Parse(Machine), TimeProvider.System);

        public StateVector State() => Sharing.State();

        public SessionId Register(string name) => _home.Register(Machine, name);

        /// <summary>As a walk does: a row for each.</summary>
        public void Look(params SessionId[] live)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            new LiveStore(Options).Merge([.. live.Select(s => new LiveRow { Uuid = s, TurnStatus = TurnStatus.Idle, ObservedAt = now })], complete: true);
        }

        public void Rename(SessionId session, string name) => _home.Store(Machine).Write(_ => StoreHome.Rename(session, name));

        public string? NameOf(SessionId session) => _home.Store(Machine).Read().Find(session)?.Name;

        public void Dispose() => _home.Dispose();
    }
}
