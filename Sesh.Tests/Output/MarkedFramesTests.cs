using System.Text;
using Sesh.Output;
using Xunit;

namespace Sesh.Tests.Output;

public sealed class MarkedFramesTests
{
    [Fact]
    public void What_came_before_a_mark_is_shown_and_what_came_behind_it_waits()
    {
        var sent = Sent();
        for (var cut = 0; cut <= sent.Length; cut++)
        {
            using var shown = new MemoryStream();
            using var reading = new UnmarkingStream(shown);
            foreach (var part in sent[..cut].Chunk(3))
                reading.Write(part);
            var text = Encoding.UTF8.GetString(shown.ToArray());
            Assert.Equal(reading.Mark switch { null => "", "1-a" => "one\n", _ => "one\ntwo\nthree\n" }, text);
            // After a break it goes on from there.
            reading.Drop();
            reading.Write(sent[^LastFrame..]);
            reading.Finish();
            Assert.Equal(text + "four\n", Encoding.UTF8.GetString(shown.ToArray()));
        }
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 1, 200, 0, 0, 0 })]
    public void Other_bytes_are_refused(byte[] bytes)
    {
        using var reading = new UnmarkingStream(Stream.Null);
        Assert.Throws<IOException>(() => reading.Write(bytes));
    }

    [Fact]
    public void A_machine_that_never_marks_does_not_fill_the_memory()
    {
        using var reading = new UnmarkingStream(Stream.Null);
        using var marking = new MarkingStream(reading);
        var piece = new byte[MarkedFrames.Most];
        var failure = Assert.Throws<IOException>(() =>
        {
            for (var i = 0; i <= GatheredStream.Most / piece.Length; i++)
                marking.Write(piece);
        });
        Assert.Contains("256 MB", failure.Message, StringComparison.Ordinal);
    }

    private const int LastFrame = MarkedFrames.HeadSize + 5;

    private static byte[] Sent()
    {
        using var sent = new MemoryStream();
        using var marking = new MarkingStream(sent);
        marking.Write("one\n"u8);
        marking.Mark("1-a");
        marking.Write("two\n"u8);
        marking.Write("three\n"u8);
        marking.Mark("2-b");
        marking.Write("four\n"u8);
        return sent.ToArray();
    }
}
