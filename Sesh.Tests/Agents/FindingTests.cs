using Sesh.Agents;
using Sesh.Agents.Claude;
using Sesh.Agents.Codex;
using Sesh.Agents.Pi;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class FindingTests
{
    private const string Uuid = "0b0e7a4c-1f1d-4c8b-9a51-111111111111";
    private const string Thread = "01a2053d-7567-7e62-8e5e-2525d8b69a9f";

    [Theory]
    [InlineData("/src/a/my_app.v1", "-src-a-my-app-v1")]
    [InlineData("/x/we ird_ü.x+(1)", "-x-we-ird---x--1-")]
    [InlineData("/x/😀", "-x---")]
    public void Claude_names_a_project_by_its_folder(string cwd, string name) => Assert.Equal(name, ClaudeFolders.ProjectName(cwd));

    [Fact]
    public void Claude_cuts_a_long_name_at_200_and_adds_a_hash_of_the_whole()
    {
        var name = ClaudeFolders.ProjectName("/" + string.Join('/', Enumerable.Repeat("folder", 40)));

        Assert.StartsWith("-folder-folder", name);
        Assert.Equal("-9464jk", name[200..]);
        Assert.Equal(ClaudeFolders.ProjectName("/" + new string('a', 199)), "-" + new string('a', 199));
    }

    [Fact]
    public void Claude_transcripts_are_the_uuid_named_files_of_the_project_folders()
    {
        using var home = new AgentHome();
        var path = home.Write($".claude/projects/-src-a/{Uuid}.jsonl", "{}");
        home.Write(".claude/projects/-src-a/agent-1234.jsonl", "{}");
        home.Write($".claude/projects/-src-a/{Uuid}/subagents/{Uuid}.jsonl", "{}");
        home.Write($".claude/projects/{Uuid}.jsonl", "{}");
        home.Write($".claude/projects/-src-a/{Uuid}.jsonl.bak", "{}");
        var agent = new ClaudeAgent(home.Environment);

        var found = Assert.Single(agent.Transcripts());
        Assert.Equal((path, Uuid, 3L), (found.Path, found.AgentId, found.Size));
        Assert.Equal(found, agent.Locate(Uuid, "/src/a"));
        Assert.Equal(found, agent.Locate(Uuid, "/moved"));
        Assert.Null(agent.Locate("../../etc/passwd", ""));
    }

    [Fact]
    public void Claude_follows_its_own_folder_variable()
    {
        using var home = new AgentHome();
        home.Variables["CLAUDE_CONFIG_DIR"] = home.At("elsewhere");
        home.Write($"elsewhere/projects/-src-a/{Uuid}.jsonl", "{}");

        Assert.Single(new ClaudeAgent(home.Environment).Transcripts());
    }

    [Fact]
    public void Codex_rollouts_are_found_by_day_archived_and_compressed()
    {
        using var home = new AgentHome();
        var path = home.Write($".codex/sessions/2026/11/23/rollout-2026-11-23T06-50-43-{Thread}.jsonl", "{}");
        home.Write(".codex/sessions/2026/11/23/notes.jsonl", "{}");
        home.Write($".codex/archived_sessions/rollout-2026-11-01T06-50-43-{Uuid}.jsonl.zst", "{}");
        var agent = new CodexAgent(home.Environment);

        Assert.Equal([Thread, Uuid], agent.Transcripts().Select(file => file.AgentId).Order());
        Assert.Equal(path, agent.Locate(Thread, "")?.Path);
        Assert.NotNull(agent.Locate(Uuid, ""));
        Assert.Null(agent.Locate("*", ""));
    }

    [Fact]
    public void Pi_ids_are_names_and_the_folder_of_the_cwd_comes_first()
    {
        using var home = new AgentHome();
        var here = home.Write(".pi/agent/sessions/--src-proj-my_app.v1--/2026-11-22T19-20-16-909Z_fix_bug.jsonl", "{}");
        var there = home.Write(".pi/agent/sessions/--src-other--/2026-11-23T19-20-16-909Z_fix_bug.jsonl", "{}");
        home.Write(".pi/agent/sessions/--src-other--/2026-11-23T19-20-16-909Z_other_fix_bug.jsonl", "{}");
        File.SetLastWriteTimeUtc(here, DateTime.UtcNow.AddHours(-1));
        var agent = new PiAgent(home.Environment);

        Assert.Equal(["fix_bug", "fix_bug", "other_fix_bug"], agent.Transcripts().Select(file => file.AgentId).Order());
        Assert.Equal(here, agent.Locate("fix_bug", "/src/proj/my_app.v1")?.Path);
        Assert.Equal(there, agent.Locate("fix_bug", "/gone")?.Path);
    }

    [Fact]
    public void Pi_sessions_lie_flat_in_a_folder_of_their_own()
    {
        using var home = new AgentHome();
        home.Variables["PI_CODING_AGENT_SESSION_DIR"] = "~/flat";
        home.Write("flat/2026-11-22T19-20-16-909Z_x.jsonl", "{}");
        home.Write("flat/deeper/2026-11-22T19-20-16-909Z_y.jsonl", "{}");

        Assert.Equal("x", Assert.Single(new PiAgent(home.Environment).Transcripts()).AgentId);
    }

    [Fact]
    public void A_machine_without_agents_has_no_transcripts()
    {
        using var home = new AgentHome();

        Assert.All(KnownAgents.In(home.Environment), agent => Assert.Empty(agent.Transcripts()));
        Assert.All(KnownAgents.In(home.Environment), agent => Assert.Null(agent.Locate(Uuid, "/src")));
    }
}
