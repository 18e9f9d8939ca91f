using System.Text;
using CsCheck;
using Sesh.Agents;
using Xunit;

namespace Sesh.Tests.Agents;

/// <summary>Whatever lies in a transcript, reading it ends, throws nothing and stays small. Failing inputs are kept below as cases.</summary>
public sealed class TranscriptFuzzTests
{
    private static readonly string[] Agents = ["claude", "codex", "pi"];

    private static readonly byte[][] Samples =
    [
        Bytes(
            ClaudeLines.User("hello <system-reminder>x</system-reminder>"), ClaudeLines.ToolUse("t1", "Bash", """{"command":"ls","description":"\u00e9\ud83d\ude00"}"""),
            ClaudeLines.ToolResult("t1", "out\nput"), ClaudeLines.Assistant("done"), """{"type":"custom-title","customTitle":"T"}""",
            """{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"q","content":[{"type":"text","text":"r"},{"type":"image"}]}]}}"""),
        Bytes(
            CodexLines.Meta(), CodexLines.Started, CodexLines.User("<environment_context>x</environment_context>"), CodexLines.User("go"),
            CodexLines.Line("response_item", """{"type":"function_call","name":"shell","arguments":"{\"command\":[\"bash\",\"-lc\",\"ls\"]}","call_id":"c"}"""),
            CodexLines.Agent("two"), CodexLines.Tokens(77), CodexLines.Complete("\"two\"")),
        Bytes(PiLines.Session, PiLines.User("1", null, "go"), PiLines.Call("2", "1"), PiLines.Result("3", "2"), PiLines.Assistant("4", "3", "done"), PiLines.User("5", "1", "back")),
    ];

    /// <summary>Pieces that hurt parsers, to be put in anywhere.</summary>
    private static readonly byte[][] Pieces =
    [
        "\n"u8.ToArray(), "\0"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), "\\u"u8.ToArray(), "\\ud800"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "[[[[[[[["u8.ToArray(), "null"u8.ToArray(),
        "1e999"u8.ToArray(), "-0"u8.ToArray(), "99999999999999999999"u8.ToArray(), "\"type\":\"user\","u8.ToArray(), "\"content\":[{"u8.ToArray(), "\"message\":"u8.ToArray(), "\"payload\":7,"u8.ToArray(),
        "<command-name>"u8.ToArray(), "<system-reminder>"u8.ToArray(), "</"u8.ToArray(), [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0x28, 0xB5, 0x2F, 0xFD], [0xEF, 0xBB, 0xBF],
    ];

    private static byte[] Bytes(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static readonly Gen<byte[]> Random = Gen.Byte.Array[0, 400];

    private static readonly Gen<byte[]> Mutated = Gen.Select(Gen.Int[0, Samples.Length - 1], Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1], Gen.Int[0, Pieces.Length - 1], Gen.Byte).Array[1, 12]).Select((sample, changes) =>
    {
        var bytes = Samples[sample].ToList();
        foreach (var (kind, where, piece, value) in changes)
        {
            var at = (int)(where * bytes.Count);
            switch (kind)
            {
                case 0 when at < bytes.Count:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.InsertRange(at, Pieces[piece]);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(value, bytes.Count - at));
                    break;
                case 3 when at < bytes.Count:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(value, bytes.Count - at)));
                    break;
                case 4:
                    bytes.InsertRange(at, Pieces[piece]);
                    bytes.InsertRange(at, Pieces[(piece + value) % Pieces.Length]);
                    break;
            }
        }

        return bytes.ToArray();
    });

    [Fact]
    public void Mutated_transcripts_are_read_to_their_end() => Mutated.Sample(Check, iter: Scale.Of(8_000, 3_000_000), threads: Scale.Full ? 2 : 1);

    [Fact]
    public void Random_bytes_are_read_to_their_end() => Random.Sample(Check, iter: Scale.Of(4_000, 1_000_000), threads: Scale.Full ? 2 : 1);

    [Theory]
    [InlineData("{\"\\ud800\":1,\"type\":\"user\"}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"user\",\"message\":{\"content\":\"\\u12\"}}")]
    [InlineData("{\"type\":\"user\",\"timestamp\":\"\\u0032026\"}")]
    [InlineData("{\"type\":\"user\",\"timestamp\":99999999999999999}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"type\"")]
    [InlineData("{\"type\":\"message\",\"id\":\"a\",\"parentId\":\"a\",\"message\":{\"role\":\"user\",\"content\":\"x\"}}")]
    public void Found_once_kept_for_ever(string line) => Check(Encoding.UTF8.GetBytes(line + "\n" + line));

    private static void Check(byte[] transcript)
    {
        foreach (var agent in Agents)
        {
            var whole = TranscriptReading.Read(new MemoryStream(transcript), Given.Parser(agent));
            Assert.True(whole is { Turns: >= 0, StrangeLines: >= 0, ContextTokens: null or >= 0, ContextPct: null or (>= 0 and <= 100), StartedAt: >= 0, LastActivity: >= 0 });
            _ = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(whole.StartedAt, whole.LastActivity));
            var text = whole.Title + whole.FirstPrompt + whole.LastReply + whole.PendingTool + whole.Cwd + whole.AgentId;
            Assert.True(IsText(text), "a lone surrogate came through");

            // However it is cut into portions, it says the same.
            Assert.Equal(whole, TranscriptReading.Read(new Portions(17, transcript), Given.Parser(agent)));
            foreach (var entry in TranscriptReading.Entries(new MemoryStream(transcript), Given.Entries(agent)))
                Assert.True(IsText(entry.Text));
        }
    }

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
