using System.Text.Json;
using Sesh.Commands;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tests.Commands;
using Xunit;

namespace Sesh.Tests.Contract;

public sealed class RecordContractTests : IDisposable
{
    private const string Full = "11111111-0000-4000-8000-000000000001";
    private const string Bare = "22222222-0000-4000-8000-000000000002";

    private readonly CommandWorld _world = new();

    public RecordContractTests()
    {
        var full = _world.Add(Full, "fix the \"login\"\t✅ \u202e", "codex", "alpha", "/work/app", "urgent", "work");
        _world.Set(full, Field.AgentSessionId, Value.Of("0199a1b2-agent"));
        _world.Set(full, Field.Summary, Value.Of("two lines\nof it"));
        _world.Set(full, Field.Parent, Value.Of(Bare));
        _world.Set(full, Field.Meta, Value.Of("ABC-12"), "ticket");
        _world.Add(Bare, machine: "beta");
        _world.Observe(new LiveRow
        {
            Uuid = full,
            ObservedAt = _world.Time.Now,
            TurnStatus = TurnStatus.Blocked,
            Live = true,
            Tmux = new TmuxPlace("/tmp/tmux-0/default", "main", "2", "%7"),
            ContextPct = 41,
            Model = "gpt-5",
            FilePath = "/home/u/.codex/x.jsonl",
            FileSize = 1000,
            FileTime = _world.Time.Now,
            LastActivity = _world.Time.Now - 60_000,
            PendingQuestion = "run tests?",
        });
    }

    [Fact]
    public void The_record_in_full() => ContractFile.Matches("json/info", Ok("info", Full, "--json"));

    [Fact]
    public void A_list_of_records() => ContractFile.Matches("json/list", Ok("list", "--json"));

    [Fact]
    public void The_state() => ContractFile.Matches("json/state", Ok("state", Full, "--json"));

    [Fact]
    public void Tags_with_counts() => ContractFile.Matches("json/tags", Ok("tags", "--json"));

    [Fact]
    public void Values_of_ones_own() => ContractFile.Matches("json/meta", Ok("meta", Full, "--json"));

    [Fact]
    public void Nothing_is_an_empty_list() => Assert.Equal("[]\n", Ok("list", "--tag", "none", "--json"));

    [Fact]
    public void Every_column() => ContractFile.Matches("tsv/list", Ok("list", "--columns", string.Join(',', SessionField.Columns)));

    [Fact]
    public void A_table() => ContractFile.Matches("table/list", Ok("list"));

    [Fact]
    public void The_record_for_people() => ContractFile.Matches("table/info", Ok("info", Full));

    [Fact]
    public void Every_field_can_be_asked_for_alone()
    {
        Assert.Equal(SessionJson.Fields, _world.Run("list", "--fields", "help").Lines);
        foreach (var field in SessionJson.Fields)
        {
            using var json = JsonDocument.Parse(Ok("info", Full, "--fields", field));
            Assert.Equal([field], json.RootElement.EnumerateObject().Select(p => p.Name));
        }
    }

    [Fact]
    public void The_fields_of_the_contract_stand_in_their_order()
    {
        using var json = JsonDocument.Parse(Ok("info", Full, "--json"));
        Assert.Equal(SessionJson.Fields, json.RootElement.EnumerateObject().Select(p => p.Name));
    }

    private string Ok(params string[] words)
    {
        var run = _world.Run(words);
        Assert.Equal((0, ""), (run.Status, run.Error));
        return run.Out;
    }

    public void Dispose() => _world.Dispose();
}
