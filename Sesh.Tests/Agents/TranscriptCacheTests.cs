using System.Diagnostics;
using Sesh.Agents;
using Sesh.Agents.Claude;
using Xunit;
using static Sesh.Tests.Agents.ClaudeLines;

namespace Sesh.Tests.Agents;

public sealed class TranscriptCacheTests : IDisposable
{
    private readonly AgentHome _home = new();
    private readonly ClaudeAgent _agent;

    public TranscriptCacheTests() => _agent = new ClaudeAgent(_home.Environment);

    public void Dispose() => _home.Dispose();

    private TranscriptCache NewCache() => new(_home.At("cache"));

    private string Transcript(string id, params string[] lines) => _home.Write($".claude/projects/-src-a/{id}.jsonl", lines);

    private TranscriptFile Only => Assert.Single(_agent.Transcripts());

    [Fact]
    public void A_transcript_is_parsed_once_in_the_life_of_the_cache()
    {
        Transcript(Id, User("hello"), ToolUse("t", "Bash", """{"command":"ls"}"""));
        var first = NewCache();
        var learnt = first.Facts(_agent, Only);
        first.Facts(_agent, Only);
        first.Save();

        var second = NewCache();
        Assert.Equal(learnt, second.Facts(_agent, Only));
        Assert.Equal((1, 0), (first.Parsed, second.Parsed));
        Assert.Equal("Bash: ls", learnt.PendingTool);
    }

    [Fact]
    public void What_may_not_be_read_now_is_told_from_the_cache_only()
    {
        Transcript(Id, User("hello"));
        var cache = NewCache();

        Assert.Null(cache.Held(_agent, Only));
        cache.Facts(_agent, Only);
        Assert.Equal("hello", cache.Held(_agent, Only)?.FirstPrompt);
    }

    [Fact]
    public void A_changed_or_replaced_transcript_is_read_again()
    {
        var path = Transcript(Id, User("hello"));
        var time = File.GetLastWriteTimeUtc(path);
        var cache = NewCache();
        cache.Facts(_agent, Only);

        File.WriteAllText(_home.At("other"), User("HELLO") + "\n");
        File.SetLastWriteTimeUtc(_home.At("other"), time);
        File.Move(_home.At("other"), path, overwrite: true);

        Assert.Equal("HELLO", cache.Facts(_agent, Only).FirstPrompt);
    }

    [Fact]
    public void A_transcript_that_grew_is_read_on_from_where_it_ended()
    {
        var filler = Enumerable.Range(0, 400).SelectMany(i => new[] { User($"prompt {i}", $"u{i}", $"p{i}"), Assistant(new string('x', 500), message: $"m{i}") }).ToArray();
        var path = Transcript(Id, filler);
        var cache = NewCache();
        cache.Facts(_agent, Only);
        cache.Save();
        Assert.Equal(400, NewCache().Facts(_agent, Only).Turns);

        // What is already read is made unreadable, but for the bytes that tell one file from another: who reads it all would see less.
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.Write(new byte[1000]);
            file.WriteByte((byte)'\n');
            file.Seek(0, SeekOrigin.End);
            file.Write(System.Text.Encoding.UTF8.GetBytes(User("one more", "new", "x") + "\n" + Assistant("and its answer", message: "mm") + "\nhalf a li"));
        }

        var again = NewCache();
        var grown = again.Facts(_agent, Only);
        Assert.Equal((401, "prompt 0", "and its answer", 0L), (grown.Turns, grown.FirstPrompt, grown.LastReply, grown.StrangeLines));
        Assert.Equal(1, again.Parsed);
    }

    [Fact]
    public void A_transcript_rewritten_in_place_is_not_read_on()
    {
        var path = Transcript(Id, Enumerable.Range(0, 400).Select(i => User(new string('x', 800), $"u{i}", $"p{i}")).ToArray());
        var cache = NewCache();
        cache.Facts(_agent, Only);
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => User(new string('y', 800), $"u{i}", $"p{i}") + "\n"))));
        }

        Assert.Equal((500, 'y'), (cache.Facts(_agent, Only).Turns, cache.Facts(_agent, Only).FirstPrompt[0]));
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void Reading_in_parts_gives_what_reading_at_once_gives(string name)
    {
        var lines = name == "claude"
            ? new[] { User("a"), ToolUse("t1", "Bash", "{}"), ToolResult("t1", "r"), Assistant("A", message: "m1"), "{\"type\":\"ai-title\",\"aiTitle\":\"T\"}", User("b", "u2", "am1"), Assistant("B", "", "m2"), User("[Request interrupted by user]", "u3"), "strange", User("a") }
            : [CodexLines.Meta(), CodexLines.Started, CodexLines.User("a"), CodexLines.Agent("A"), CodexLines.Tokens(7), CodexLines.Complete(), CodexLines.Started, CodexLines.User("b"), CodexLines.Event("""{"type":"error"}"""), CodexLines.Complete()];

        for (var cut = 0; cut <= lines.Length; cut++)
        {
            var (first, second, whole) = (Given.Parser(name), Given.Parser(name), Given.Parser(name));
            Feed(first, lines[..cut]);
            Feed(whole, lines);
            using var state = new MemoryStream();
            Assert.True(first.Save(new BinaryWriter(state)));
            state.Position = 0;
            second.Load(new BinaryReader(state));
            Feed(second, lines[cut..]);

            Assert.Equal(whole.Facts(), second.Facts());
        }
    }

    private static void Feed(ITranscriptParser parser, string[] lines)
    {
        foreach (var line in lines)
            parser.Feed(System.Text.Encoding.UTF8.GetBytes(line), whole: true);
    }

    [Fact]
    public void A_cache_that_is_damaged_anywhere_is_as_good_as_none()
    {
        Transcript(Id, User("hello"));
        var cache = NewCache();
        cache.Facts(_agent, Only);
        cache.Save();
        var path = Assert.Single(Directory.GetFiles(_home.At("cache")));
        var sound = File.ReadAllBytes(path);
        for (var i = 0; i < sound.Length; i++)
        {
            var damaged = (byte[])sound.Clone();
            damaged[i] ^= 0x10;
            File.WriteAllBytes(path, i % 2 == 0 ? damaged : sound[..i]);

            Assert.Equal("hello", NewCache().Facts(_agent, Only).FirstPrompt);
        }
    }

    [Fact]
    public void Two_that_save_keep_what_both_learnt()
    {
        Transcript(Id, User("hello"));
        var (one, other) = (NewCache(), NewCache());
        one.Facts(_agent, Only);
        var second = Transcript("33333333-3333-4333-8333-333333333333", User("second"));
        other.Facts(_agent, _agent.Locate("33333333-3333-4333-8333-333333333333", "/src/a")!);
        one.Save();
        other.Save();

        var both = NewCache();
        Assert.All(_agent.Transcripts(), file => Assert.NotNull(both.Held(_agent, file)));
        Assert.NotEmpty(second);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_and_a_transcript_that_is_gone_are_borne()
    {
        var path = Transcript(Id, User("hello"));
        var file = Only;
        File.WriteAllText(_home.At("cache"), "a file where the folder should be");
        var cache = NewCache();
        Assert.Equal("hello", cache.Facts(_agent, file).FirstPrompt);
        cache.Save();

        File.Delete(path);
        Assert.Equal(new TranscriptFacts(), NewCache().Facts(_agent, file));
    }

    [Fact]
    public void Long_replies_are_cut()
    {
        Transcript(Id, User("hello"), Assistant(new string('x', 100_000)));

        Assert.Equal(TranscriptCache.LongestReply + 1, NewCache().Facts(_agent, Only).LastReply.Length);
    }

    [Fact]
    public void Ten_thousand_cached_transcripts_are_listed_without_reading_one()
    {
        var count = Scale.Of(1_000, 10_000);
        for (var i = 0; i < count; i++)
            Transcript(new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(), User($"prompt {i}"), Assistant($"reply {i}"));
        var first = NewCache();
        Assert.Equal(count, _agent.Transcripts().Count(file => first.Facts(_agent, file).Turns == 1));
        first.Save();

        var clock = Stopwatch.StartNew();
        var second = NewCache();
        var known = _agent.Transcripts().Count(file => second.Held(_agent, file) is not null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} transcripts listed from the cache in {clock.Elapsed.TotalMilliseconds:F1} ms");
        Assert.Equal((count, 0), (known, second.Parsed));
    }
}
