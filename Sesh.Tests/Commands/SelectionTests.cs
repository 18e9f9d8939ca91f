using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class SelectionTests : IDisposable
{
    private const string A = "abc00000-0000-4000-8000-00000000000a";
    private const string B = "abc00000-0000-4000-8000-00000000000b";
    private const string C = "abd00000-0000-4000-8000-00000000000c";

    private readonly CommandWorld _world = new();
    private readonly SessionId _a;
    private readonly SessionId _b;

    public SelectionTests()
    {
        _a = _world.Add(A, "a");
        _b = _world.Add(B, "b", machine: "beta");
        _world.Add(C, "c");
    }

    [Theory]
    [InlineData("abd")]
    [InlineData("ABD0")]
    [InlineData(C)]
    public void A_prefix_in_either_case_finds_its_session(string prefix) => Assert.Equal($"\"{C}\"\n", Uuid(prefix));

    [Fact]
    public void Several_matches_are_an_error_that_lists_each()
    {
        var run = _world.Run("info", "abc");
        Assert.Equal(1, run.Status);
        Assert.Equal($"sesh: 2 sessions match abc; give more of the uuid\n  {A}  a  alpha\n  {B}  b  beta\n", run.Error);
    }

    [Fact]
    public void Of_several_matches_a_single_one_that_is_not_archived_wins()
    {
        _world.Set(_a, Field.Archived, Value.True);
        Assert.Equal($"\"{B}\"\n", Uuid("abc"));
        _world.Set(_b, Field.Archived, Value.True);
        Assert.Equal(1, _world.Run("info", "abc").Status);
    }

    [Fact]
    public void Machine_narrows_the_match()
    {
        Assert.Equal($"\"{B}\"\n", Uuid("abc", "--machine", "beta"));
        Assert.Equal(1, _world.Run("info", "abd", "--machine", "beta").Status);
    }

    [Fact]
    public void The_agents_id_and_former_ones_select_too()
    {
        _world.Set(_a, Field.AgentSessionId, Value.Of("0199-new"));
        _world.Set(_a, Field.FormerId, Value.True, "former-id");
        Assert.Equal($"\"{A}\"\n", Uuid("0199"));
        Assert.Equal($"\"{A}\"\n", Uuid("FORMER"));
    }

    [Fact]
    public void A_whole_agent_id_beats_longer_ones_that_begin_with_it()
    {
        _world.Set(_a, Field.AgentSessionId, Value.Of("work"));
        _world.Set(_b, Field.AgentSessionId, Value.Of("workshop"));
        Assert.Equal($"\"{A}\"\n", Uuid("work"));
        Assert.Equal($"\"{B}\"\n", Uuid("works"));
    }

    [Theory]
    [InlineData("info")]
    [InlineData("find")]
    [InlineData("state")]
    [InlineData("archive")]
    [InlineData("delete")]
    [InlineData("meta")]
    public void An_empty_uuid_is_a_usage_error(string verb)
    {
        var run = _world.Run(verb, "");
        Assert.Equal((2, "sesh: the uuid is empty; is a shell variable unset?\n"), (run.Status, run.Error));
    }

    [Fact]
    public void Nothing_that_matches_is_exit_1_with_an_error_object_in_json()
    {
        var run = _world.Run("info", "ffff", "--json");
        Assert.Equal(1, run.Status);
        Assert.StartsWith("{\n  \"error\": {\n    \"code\": \"not-found\",", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("sesh: no session matches ffff; ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_uuid_and_outside_a_session_nothing_is_guessed()
    {
        Assert.Equal(2, _world.Run("info").Status);
        Assert.Equal(2, _world.Run("archive").Status);
        Assert.Equal(2, _world.Run("delete").Status);
    }

    [Fact]
    public void Inside_a_session_it_is_meant_but_never_to_be_deleted()
    {
        _world.Variables["SESH_SESSION_ID"] = A;
        Assert.Equal(0, _world.Run("rename", "mine").Status);
        Assert.Equal(0, _world.Run("tag", "here").Status);
        Assert.Equal(0, _world.Run("archive").Status);
        Assert.Equal(("mine", "here", true), (_world.Find(A)!.Name, _world.Find(A)!.Tags[0], _world.Find(A)!.Archived));
        Assert.Equal(2, _world.Run("delete").Status);
    }

    private string Uuid(params string[] words) => _world.Run(["info", .. words, "--json", "--fields", "uuid", "--jq", ".uuid|tojson"]).Out;

    public void Dispose() => _world.Dispose();
}
