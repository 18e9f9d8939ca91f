using System.Text;
using CsCheck;
using Sesh.Agents;
using Sesh.Sessions.Reading;
using Sesh.Sync;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class OpenTranscriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-read-").FullName;
    private readonly LineAgent _agent;
    private readonly string _path;

    public OpenTranscriptTests()
    {
        _agent = new LineAgent(_folder);
        _path = Path.Combine(_folder, "a.jsonl");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_last_entries_and_the_last_lines_are_those_of_a_naive_reading()
    {
        var line = Gen.Char['a', 'z'].Array[0, 40].Select(c => new string(c));
        Gen.Select(line.Array[0, 60], Gen.Bool, Gen.Int[0, 70]).Sample((lines, halfLine, count) =>
        {
            var text = string.Concat(lines.Select(l => l + "\n")) + (halfLine ? "half" : "");
            File.WriteAllText(_path, text);
            using var reading = OpenTranscript.Open(_path, _agent, "8b7b");

            Assert.Equal(lines.TakeLast(count), reading.Last(count).Select(e => e.Text));

            var raw = new MemoryStream();
            reading.CopyLast(count, raw.Write);
            IEnumerable<string> all = [.. lines.Select(l => l + "\n"), .. halfLine ? (string[])["half"] : []];
            Assert.Equal(string.Concat(all.TakeLast(count)), Encoding.UTF8.GetString(raw.ToArray()));
        }, iter: Scale.Of(500, 20_000), threads: 1);
    }

    [Fact]
    public void The_end_of_a_large_transcript_is_read_across_windows_and_blocks()
    {
        var lines = Enumerable.Range(0, 3_000).Select(i => $"{i} {new string('x', i % 997)}").ToArray();
        File.WriteAllLines(_path, lines);
        using var reading = OpenTranscript.Open(_path, _agent, "8b7b");

        foreach (var count in (int[])[1, 20, 700, 2_999, 3_000, 9_999])
            Assert.Equal(lines.TakeLast(count), reading.Last(count).Select(e => e.Text));
        var raw = new MemoryStream();
        reading.CopyAll(raw.Write);
        Assert.Equal(File.ReadAllBytes(_path), raw.ToArray());
        reading.Finish();
    }

    [Fact]
    public void A_transcript_replaced_while_read_is_read_on_in_its_old_form()
    {
        File.WriteAllText(_path, "old 1\nold 2\n");
        using var reading = OpenTranscript.Open(_path, _agent, "8b7b");
        File.WriteAllText(_path + ".new", "new 1\nnew 2\nnew 3\n");
        File.Move(_path + ".new", _path, overwrite: true);

        Assert.Equal(["old 1", "old 2"], reading.All().Select(e => e.Text));
        reading.Finish();
    }

    [Theory]
    [InlineData("NEW 1\nNEW 2\nNEW 3\n")]
    [InlineData("")]
    [InlineData("old 1\n")]
    public void A_transcript_rewritten_in_place_while_read_is_told(string rewritten)
    {
        File.WriteAllText(_path, "old 1\nold 2\n");
        using var reading = OpenTranscript.Open(_path, _agent, "8b7b");
        File.WriteAllText(_path, rewritten);

        _ = reading.All().ToList();
        Assert.Equal("changed", Assert.Throws<SeshException>(reading.Finish).Code);
    }

    [Fact]
    public void What_is_appended_while_read_is_left_out_and_no_fault()
    {
        File.WriteAllText(_path, "1\n2\n");
        using var reading = OpenTranscript.Open(_path, _agent, "8b7b");
        File.AppendAllText(_path, "3\n");

        Assert.Equal(["1", "2"], reading.All().Select(e => e.Text));
        reading.Finish();
    }

    [Fact]
    public void A_transcript_that_is_gone_or_unreadable_is_named_with_a_command_that_can_be_typed()
    {
        var gone = Assert.Throws<SeshException>(() => OpenTranscript.Open(_path, _agent, "8b7b"));
        Assert.Equal(("no-transcript", "agents delete old ones; \"sesh explain 8b7b\" tells what is known of it"), (gone.Code, gone.Hint));
        Directory.CreateDirectory(_path);
        var unreadable = Assert.Throws<SeshException>(() => OpenTranscript.Open(_path, _agent, "8b7b"));
        Assert.Equal(("no-transcript", "let this user read it; \"sesh explain 8b7b\" tells what is known of it"), (unreadable.Code, unreadable.Hint));
        Directory.Delete(_path);
    }

    [Fact]
    public void Following_shows_each_whole_line_once()
    {
        File.WriteAllText(_path, "1\n2\nha");
        using var reading = OpenTranscript.Open(_path, _agent, "8b7b", wholeLines: true);
        Assert.Equal(["1", "2"], reading.Last(20).Select(e => e.Text));
        using var following = new Following(() => _path);
        following.StartBehind(reading);

        Assert.Null(following.Look());
        File.AppendAllText(_path, "lf\n3\nne");
        Assert.Equal("half\n3\n", Text(following.Look()));
        Assert.Null(following.Look());
        File.AppendAllText(_path, "xt\n");
        Assert.Equal("next\n", Text(following.Look()));
    }

    [Fact]
    public void Following_survives_truncation_replacement_and_absence()
    {
        using var following = new Following(() => File.Exists(_path) ? _path : null);
        Assert.Null(following.Look());

        File.WriteAllText(_path, "1\n");
        Assert.Equal("1\n", Text(following.Look()));

        File.WriteAllText(_path, "");
        Assert.Equal("was rewritten; from its beginning", following.Look()!.Note);
        File.AppendAllText(_path, "again\n");
        Assert.Equal("again\n", Text(following.Look()));

        File.WriteAllText(_path + ".new", "other\nlines\n");
        File.Move(_path + ".new", _path, overwrite: true);
        var replaced = following.Look();
        Assert.Equal(("other\nlines\n", "was rewritten; from its beginning"), (Text(replaced), replaced!.Note));

        File.Delete(_path);
        Assert.Null(following.Look());
    }

    [Fact]
    public void Following_goes_on_in_the_file_of_the_new_id()
    {
        var current = _path;
        var next = Path.Combine(_folder, "b.jsonl");
        File.WriteAllText(_path, "1\n");
        using var following = new Following(() => current);
        Assert.Equal("1\n", Text(following.Look()));

        File.WriteAllText(next, "2\n");
        current = next;
        var look = following.Look();
        Assert.Equal(("2\n", $"goes on in {next}"), (Text(look), look!.Note));
    }

    [Theory]
    [InlineData(nameof(EntryRole.User), "a\nb\n", "", "user: a\n  b")]
    [InlineData(nameof(EntryRole.Assistant), "ok", "", "assistant: ok")]
    [InlineData(nameof(EntryRole.Tool), "{\"command\":\n  \"git status\"}", "Bash", "tool Bash: {\"command\": \"git status\"}")]
    public void Entries_read_well(string role, string text, string tool, string expected) =>
        Assert.Equal(expected, EntryText.Plain(new TranscriptEntry(Enum.Parse<EntryRole>(role), text, tool, 0)));

    [Fact]
    public void A_tools_long_input_is_cut_and_its_back_ticks_are_fenced()
    {
        Assert.EndsWith("…", EntryText.Plain(new TranscriptEntry(EntryRole.Tool, new string('x', 10_000), "Bash", 0)), StringComparison.Ordinal);
        Assert.Equal("> **Bash** ``` a``b ```\n", EntryText.Markdown(new TranscriptEntry(EntryRole.Tool, "a``b", "Bash", 0)));
    }

    private static string Text(FollowedPart? part)
    {
        Assert.NotNull(part);
        using var reader = new StreamReader(part.Raw);
        return reader.ReadToEnd();
    }
}
