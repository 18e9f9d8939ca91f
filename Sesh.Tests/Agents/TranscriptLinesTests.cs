using System.Text;
using Sesh.Agents;
using Sesh.Agents.Claude;
using Xunit;
using static Sesh.Tests.Agents.ClaudeLines;

namespace Sesh.Tests.Agents;

public sealed class TranscriptLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\nb\n", "a+ b+")]
    [InlineData("a\r\n\r\n\nb", "a+ b-")]
    [InlineData("half", "half-")]
    public void Lines_and_the_half_one_at_the_end(string text, string expected)
    {
        var lines = new TranscriptLines(new Portions(1, Encoding.UTF8.GetBytes(text)));
        var seen = new List<string>();
        while (lines.Next(out var line, out var whole))
            seen.Add(Encoding.UTF8.GetString(line) + (whole ? "+" : "-"));

        Assert.Equal(expected, string.Join(' ', seen));
        Assert.Equal(text.LastIndexOf('\n') + 1, lines.Consumed);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(65536)]
    public void However_the_bytes_come_the_lines_are_the_same(int portion)
    {
        var random = new Random(portion);
        var expected = Enumerable.Range(0, 200).Select(i => new string('x', random.Next(i % 20 == 0 ? 100_000 : 50) + 1)).ToList();
        var lines = new TranscriptLines(new Portions(portion, Encoding.UTF8.GetBytes(string.Join('\n', expected) + "\n")));
        var seen = new List<int>();
        while (lines.Next(out var line, out _))
            seen.Add(line.Length);

        Assert.Equal(expected.Select(line => line.Length), seen);
    }

    [Fact]
    public void A_line_of_16_MB_is_read_and_a_longer_than_any_is_passed_over()
    {
        var longest = Encoding.UTF8.GetBytes(new string('z', 1 << 20));
        byte[][] parts =
        [
            Encoding.UTF8.GetBytes(User("small") + "\n"),
            Encoding.UTF8.GetBytes(User(new string('p', 16 << 20), "u2", "a") + "\n"),
            .. Enumerable.Repeat(longest, 50),
            Encoding.UTF8.GetBytes("\n" + Assistant("after it all") + "\n"),
        ];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var facts = TranscriptReading.Read(new Portions(1 << 20, parts), new ClaudeParser());

        Assert.Equal((2, "small", "after it all", 1L), (facts.Turns, facts.FirstPrompt, facts.LastReply, facts.StrangeLines));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);
    }

    [Fact]
    public void A_half_line_at_the_end_is_not_strange_and_a_whole_one_without_newline_counts()
    {
        var text = User("hello") + "\n" + Assistant("hi");

        var whole = TranscriptReading.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), new ClaudeParser());
        var half = TranscriptReading.Read(new MemoryStream(Encoding.UTF8.GetBytes(text[..^30])), new ClaudeParser());

        Assert.Equal((TurnEnd.Ended, 0L), (whole.LastTurn, whole.StrangeLines));
        Assert.Equal((TurnEnd.Open, 0L), (half.LastTurn, half.StrangeLines));
    }

    [Fact]
    public void What_JavaScript_writes_and_others_refuse_is_read()
    {
        var lone = """{"type":"user","message":{"content":"cut \ud83d off"},"uuid":"u"}""";
        var pair = """{"type":"user","message":{"content":"\ud83d\ude00 \u00e9\n\t\"q\" \/ \u0000"},"uuid":"u"}""";

        Assert.Equal("cut \uFFFD off", Given.Claude(lone).FirstPrompt);
        Assert.Equal("😀 é\n\t\"q\" / \0", Given.Claude(pair).FirstPrompt);
    }

    [Fact]
    public void Absurd_numbers_times_and_depths_are_borne()
    {
        var numbers = Given.Claude(
            """{"type":"assistant","message":{"id":"m","model":"x","content":"y","stop_reason":"end_turn","usage":{"input_tokens":1e999,"cache_read_input_tokens":99999999999999999999999999,"cache_creation_input_tokens":-4}},"timestamp":"not a time"}""");
        var deep = Given.Claude("{\"type\":\"user\",\"message\":{\"content\":" + new string('[', 5000) + new string(']', 5000) + "}}");

        Assert.Equal((1, null, 0L), (numbers.Turns, numbers.ContextTokens, numbers.LastActivity));
        Assert.Equal(1, deep.StrangeLines);
    }

    [Fact]
    public void Broken_UTF_8_spoils_its_letters_only()
    {
        byte[] line = [.. "{\"type\":\"user\",\"message\":{\"content\":\"a"u8, 0xFF, 0xC3, .. "b\"},\"uuid\":\"u\"}\n"u8];

        Assert.Equal("a\uFFFD\uFFFDb", TranscriptReading.Read(new MemoryStream(line), new ClaudeParser()).FirstPrompt);
    }
}
