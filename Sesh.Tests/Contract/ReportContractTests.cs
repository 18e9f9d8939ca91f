using System.Text.RegularExpressions;
using Sesh.Tests.Commands;
using Sesh.Tests.Tmux;
using Xunit;

namespace Sesh.Tests.Contract;

/// <summary>JSON of the verbs that report on what they did or found. Ids that chance makes are numbered, in the order in which they appear.</summary>
public sealed partial class ReportContractTests : IDisposable
{
    private const string One = "8b7b4450-0000-4000-8000-000000000001";
    private const string Two = "8b7b4450-0000-4000-8000-000000000002";

    private readonly CommandWorld _world = new();

    [Fact]
    public void History()
    {
        Renamed();
        Matches("history", "history", One, "--json");
    }

    [Fact]
    public void The_log_of_operations()
    {
        Renamed();
        Matches("op-log", "op", "log", "--json");
    }

    [Fact]
    public void Undo()
    {
        Renamed();
        Matches("undo", "undo", "--json");
    }

    [Fact]
    public void Explain()
    {
        Renamed();
        Matches("explain", "explain", One, "--json");
    }

    [Fact]
    public void A_conflict()
    {
        using var beta = new CommandWorld("beta");
        _world.Add(One, "before");
        Carry(_world, beta);
        _world.Do("rename", One, "from alpha");
        beta.Time.Pass(TimeSpan.FromSeconds(1));
        beta.Do("rename", One, "from beta");
        Carry(beta, _world);
        Matches("conflict", "info", One, "--json", "--fields", "name,conflicts");
    }

    [Fact]
    public void Doctor()
    {
        _world.Add(One, "first");
        // What this machine has installed is not ours to review.
        _world.Variables["PATH"] = _world.Root;
        _world.Write("config.toml", "machin = \"alpha\"\n");
        var run = _world.Run("doctor", "--json");
        Assert.Equal(1, run.Status);
        ContractFile.Matches("json/doctor", FileSystem().Replace(Plain(run.Out), "FILESYSTEM"));
    }

    [Fact]
    public void Adopt()
    {
        _world.Transcript(One, "say hello");
        File.SetLastWriteTimeUtc(_world.Transcript(Two), DateTime.UnixEpoch);
        Matches("adopt", "adopt", One, Two, "--json");
    }

    [Fact]
    public void Register() => Matches("register", "register", One, "--agent", "claude", "--json");

    [Fact]
    public void Import()
    {
        _world.Write("sessions.json", $$"""[{"uuid":"{{One}}","name":"old","agent":"claude","machine":"alpha"}, {"uuid":"{{Two}}","agent":"claude","machine":"beta","name":"theirs"}]""");
        Matches("import", "import", "--json");
    }

    [Fact]
    public void Gc()
    {
        _world.Add(One, "first");
        _world.Do("delete", One);
        ContractFile.Matches("json/gc", Bytes().Replace(Plain(_world.Do("gc", "--older", "0", "--json")), "BYTES"));
    }

    [Fact]
    public void A_tombstone()
    {
        _world.Add(One, "first");
        _world.Do("delete", One);
        var run = _world.Run("info", One, "--json");
        Assert.Equal(1, run.Status);
        ContractFile.Matches("json/tombstone", Plain(run.Out));
    }

    [Fact]
    public void What_lives_in_a_pane()
    {
        using var tmux = new PrivateTmux();
        _world.Variables["SESH_TMUX_SOCKETS"] = tmux.Socket;
        var pane = tmux.Server.Do(
            ["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", "-e", $"HOME={_world.Root}", "-c", _world.Root,
            "env", Path.Join(FakeAgentFolder.In(_world.Root), "claude"), "--session-id", One]);
        string[] resolve = ["pane-resolve", "--pane", pane, "--socket-path", tmux.Socket, "--json"];
        Until.True(() => _world.Run(resolve).Status == 0, "the agent in the pane is seen");
        ContractFile.Matches("json/pane-resolve", Plain(_world.Do(resolve)).Replace(tmux.Socket, "SOCKET", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_of_a_new_session()
    {
        _world.Variables["PATH"] = FakeAgentFolder.In(_world.Root) + ":/usr/bin:/bin";
        Matches("new-dry-run", "new", "--agent", "claude", "--name", "n", "--tag", "t", "--model", "m", "--session-id", One, "--target", Path.Join(_world.Root, "s") + ":work", "--dry-run", "--json", "--", "--extra");
        Matches("new-dry-run-headless", "new", "--agent", "claude", "--session-id", One, "--headless", "--msg", "hello there", "--no-wait", "--dry-run", "--json");
    }

    [Fact]
    public void A_transcript()
    {
        _world.Transcript(One, "say hello");
        _world.Do("adopt");
        Matches("transcript", "transcript", One, "--json");
        Assert.Equal(_world.Do("transcript", One, "--json"), _world.Do("tail", One, "--json"));
        Assert.Equal(_world.Do("transcript", One, "--json"), _world.Do("transcript", One, "--format", "json"));
    }

    private void Renamed()
    {
        _world.Add(One, "first", tags: "t");
        _world.Time.Pass(TimeSpan.FromSeconds(1));
        _world.Do("rename", One, "second", "--keep-auto");
    }

    private void Matches(string name, params string[] words) => ContractFile.Matches("json/" + name, Plain(_world.Do(words)));

    private string Plain(string json)
    {
        var seen = new List<string>();
        return Chance().Replace(json.Replace(_world.Root, "ROOT", StringComparison.Ordinal), id =>
        {
            if (!seen.Contains(id.Value))
                seen.Add(id.Value);
            return $"ID-{seen.IndexOf(id.Value) + 1}";
        });
    }

    /// <summary>Ids of replicas and operations, and the two halves of an entry's name.</summary>
    [GeneratedRegex(@"\b([0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8}(?=:\d+:)|(?<=:\d+:)[0-9a-f]{8})\b")]
    private static partial Regex Chance();

    [GeneratedRegex("(?<=\"disk\",\\s+\"message\": \")[^\"]+")]
    private static partial Regex FileSystem();

    /// <summary>How small it gets depends on the ids.</summary>
    [GeneratedRegex("(?<=\"bytes(Before|After)\": )[0-9]+")]
    private static partial Regex Bytes();

    private static void Carry(CommandWorld from, CommandWorld to)
    {
        var folder = Directory.CreateDirectory(Path.Join(to.Home, "docs")).FullName;
        foreach (var document in Directory.GetFiles(Path.Join(from.Home, "docs")))
            File.Copy(document, Path.Join(folder, Path.GetFileName(document)), overwrite: true);
    }

    public void Dispose() => _world.Dispose();
}
