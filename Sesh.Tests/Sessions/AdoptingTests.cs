using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class AdoptingTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";
    private const string Two = "8b7b4450-0000-4000-8000-000000000002";

    private readonly StoreRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public void All_that_is_found_is_recorded_by_one_operation_which_undo_takes_back()
    {
        _room.Transcript(One, "first\n");
        _room.Transcript(Two, "second\n");

        Assert.Equal(2, _room.Adopt().Count(Adoption.Adopted));
        Assert.Equal(["first", "second"], _room.Store.Read().Records().Select(r => r.Name));
        Assert.Equal("adopt", Assert.Single(_room.Store.Log(10)).Operation.Verb);

        _room.Store.Undo(null, force: false);
        Assert.All(_room.Store.Read().Records(), r => Assert.True(KnownSessions.IsVoid(r)));
        Assert.Equal(2, _room.Adopt().Count(Adoption.Adopted));
        Assert.Equal(["first", "second"], _room.Store.Read().Records().Select(r => r.Name));
    }

    [Fact]
    public void Adopting_again_writes_nothing_and_reads_nothing()
    {
        _room.Transcript(One, "first\n");
        _room.Adopt();
        var read = _room.TimesRead;

        var again = _room.Adopt();

        Assert.Equal((1, 0, read), (again.Count(Adoption.Known), again.Operations.Count, _room.TimesRead));
        Assert.Single(_room.Store.Log(10));
    }

    [Fact]
    public void A_dry_run_tells_the_same_and_writes_nothing()
    {
        _room.Transcript(One, "first\n");

        Assert.Equal(1, _room.Adopt(new AdoptRequest([], DryRun: true)).Count(Adoption.Adopted));
        Assert.Equal(0, _room.Store.Read().Count);
        Assert.False(Directory.Exists(_room.Store.Options.Home));
    }

    [Fact]
    public void A_deleted_session_is_not_adopted_again_but_register_revives_it()
    {
        _room.Transcript(One, "first\n");
        _room.Adopt();
        var uuid = SessionId.Parse(One);
        _room.Store.Write(_ => new Draft("delete", [], [new Change(new Register(uuid, Field.Deleted), Value.True)]));

        Assert.Equal(1, _room.Adopt().Count(Adoption.Deleted));

        var revived = new Registering(_room.Store, _room.Machine, _ => false).Run(new RegisterRequest("claude", One, null, [], null, "/w", "", 0));
        Assert.Equal((uuid, Registration.Revived), (revived.Uuid, revived.Outcome));
        Assert.Equal((false, "first"), (_room.Store.Read().Find(uuid)!.Deleted, _room.Store.Read().Find(uuid)!.Name));
    }

    [Fact]
    public void Only_what_is_asked_for_is_adopted_by_path_by_id_and_by_prefix()
    {
        var path = _room.Transcript(One, "first\n");
        _room.Transcript(Two, "second\n");
        _room.Transcript("9c7b4450-0000-4000-8000-000000000003", "third\n");

        Assert.Equal([One], _room.Adopt(new AdoptRequest([path], DryRun: true)).Rows.Select(r => r.AgentId));
        Assert.Equal([Two], _room.Adopt(new AdoptRequest([Two], DryRun: true)).Rows.Select(r => r.AgentId));
        Assert.Equal(["third"], _room.Adopt(new AdoptRequest(["9C7B"], DryRun: true)).Rows.Select(r => r.Name));
        Assert.Equal("ambiguous", Assert.Throws<SeshException>(() => _room.Adopt(new AdoptRequest(["8b7b"]))).Code);
        Assert.Equal("not-found", Assert.Throws<SeshException>(() => _room.Adopt(new AdoptRequest(["77"]))).Code);
        Assert.Equal(2, Assert.Throws<SeshException>(() => _room.Adopt(new AdoptRequest([""]))).ExitCode);
    }

    [Fact]
    public void Transcripts_older_than_since_are_left_out_unless_alive()
    {
        var path = _room.Transcript(One, "first\n");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-9));
        var since = DateTimeOffset.UtcNow.AddDays(-1).ToUnixTimeMilliseconds();

        Assert.Empty(_room.Adopt(new AdoptRequest([], Since: since)).Rows);
        var alive = new LiveAgent("claude", 41, 1, One, "/w", false, []);
        Assert.Equal((Adoption.Adopted, true), _room.Adopt(new AdoptRequest([], Since: since), null, alive).Rows.Select(r => (r.Outcome, r.Live)).Single());
    }

    [Fact]
    public void A_session_of_a_private_folder_is_born_private()
    {
        _room.Transcript(One, "first\n");

        _room.Adopt(isPrivate: cwd => cwd == "/w");

        Assert.True(_room.Store.Read().Find(SessionId.Parse(One))!.Private);
        Assert.DoesNotContain(Directory.GetFiles(_room.Store.Options.Home, "*", SearchOption.AllDirectories), f =>
            f.Contains("/docs/", StringComparison.Ordinal) && File.ReadAllText(f).Contains("first", StringComparison.Ordinal));
    }

    [Fact]
    public void A_transcript_that_cannot_be_read_does_not_stop_the_others()
    {
        _room.Transcript(One, "first\n");
        File.CreateSymbolicLink(Path.Combine(_room.Transcripts, Two + ".jsonl"), "/nowhere/at/all");

        var report = _room.Adopt();

        Assert.Equal((1, 1), (report.Count(Adoption.Adopted), report.Count(Adoption.Unreadable)));
    }

    [Fact]
    public void Registering_twice_updates_and_writes_nothing_when_nothing_is_new()
    {
        var registering = new Registering(_room.Store, _room.Machine, _ => false);
        var request = new RegisterRequest("pi", "work", "n", ["t"], null, "/w", "", 7);

        var first = registering.Run(request);
        var same = registering.Run(request);
        var more = registering.Run(request with { Name = "m", Tags = ["t", "u"] });

        Assert.Equal([Registration.Added, Registration.Unchanged, Registration.Updated], [first.Outcome, same.Outcome, more.Outcome]);
        Assert.Single(((SessionId[])[first.Uuid, same.Uuid, more.Uuid]).Distinct());
        var record = _room.Store.Read().Find(first.Uuid)!;
        Assert.Equal(("m", "/w", "work", 7L, "t,u"), (record.Name, record.Cwd, record.AgentSessionId, record.CreatedAt, string.Join(",", record.Tags)));
        Assert.Equal(2, _room.Store.Log(10).Count);
    }

    [Fact]
    public void A_prefix_of_another_sessions_id_registers_a_session_of_its_own()
    {
        var registering = new Registering(_room.Store, _room.Machine, _ => false);
        var longer = registering.Run(new RegisterRequest("pi", "work-2", null, [], null, "/w", "", 0));

        Assert.NotEqual(longer.Uuid, registering.Run(new RegisterRequest("pi", "work", null, [], null, "/w", "", 0)).Uuid);
    }

    [Fact]
    public void A_collected_session_cannot_be_registered_again()
    {
        var registering = new Registering(_room.Store, _room.Machine, _ => false);
        var uuid = registering.Run(new RegisterRequest("claude", One, null, [], null, "/w", "", 0)).Uuid;
        _room.Store.Write(_ => new Draft("delete", [], [new Change(new Register(uuid, Field.Deleted), Value.True)]));
        _room.Store.Collect([uuid]);

        Assert.Equal("collected", Assert.Throws<SeshException>(() => registering.Run(new RegisterRequest("claude", One, null, [], null, "/w", "", 0))).Code);
    }

    [Fact]
    public void Another_machines_session_is_not_registered_over()
    {
        using var beta = new StoreRoom("beta");
        new Registering(beta.Store, beta.Machine, _ => false).Run(new RegisterRequest("claude", One, null, [], null, "/w", "", 0));
        new Registering(_room.Store, _room.Machine, _ => false).Run(new RegisterRequest("claude", Two, null, [], null, "/w", "", 0));
        foreach (var document in Directory.GetFiles(Path.Combine(beta.Store.Options.Home, "docs")))
            File.Copy(document, Path.Combine(_room.Store.Options.Home, "docs", Path.GetFileName(document)));

        var error = Assert.Throws<SeshException>(() =>
            new Registering(_room.Store, _room.Machine, _ => false).Run(new RegisterRequest("claude", One, null, [], null, "/w", "", 0)));

        Assert.Equal(("not-owner", "run on beta, or fork it here"), (error.Code, error.Hint));
    }
}
