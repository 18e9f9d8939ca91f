using System.Text;
using CsCheck;
using Sesh.Output;
using Xunit;

namespace Sesh.Tests.Output;

public sealed class TerminalGuardTests
{
    [Theory]
    [InlineData("plain\ttext\n", "plain\ttext\n")]
    [InlineData("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m")]
    [InlineData("\x1b]0;title\x07", "␛]0;title␇")]
    [InlineData("\x1b[2J", "␛[2J")]
    [InlineData("\x1b[201~", "␛[201~")]
    [InlineData("\x1b\x1b[0m", "␛\x1b[0m")]
    [InlineData("\x1b[3\x1b[0m", "␛[3\x1b[0m")]
    [InlineData("a\rb\bc\x7f", "a␍b␈c␡")]
    [InlineData("\u009b31m\u202e", "<U+009B>31m<U+202E>")]
    [InlineData("日本 ✳ 😀", "日本 ✳ 😀")]
    public void Colours_pass_and_all_else_that_drives_a_terminal_is_shown(string sent, string shown) => Assert.Equal(shown, Guarded(Encoding.UTF8.GetBytes(sent), int.MaxValue));

    [Fact]
    public void It_does_not_matter_how_it_comes_in_pieces()
    {
        var bytes = Encoding.UTF8.GetBytes("a\x1b[31m日\x1b]0;x\x07😀\x1b[0m\x1b[2Jend");
        var whole = Guarded(bytes, int.MaxValue);
        for (var piece = 1; piece < 8; piece++)
            Assert.Equal(whole, Guarded(bytes, piece));
    }

    [Fact]
    public void Nothing_comes_through_but_text_and_colours() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[1, 9]).Sample((bytes, piece) =>
    {
        var shown = Guarded(bytes, piece);
        for (var at = 0; at < shown.Length; at++)
        {
            if (shown[at] == '\x1b')
                at = shown.IndexOf('m', at) is var end && end > at && shown[at + 1] == '[' && shown[(at + 2)..end].All(c => char.IsAsciiDigit(c) || c == ';') ? end : throw new InvalidOperationException(shown);
            else if (Visible.IsControl(shown[at]) && shown[at] is not ('\n' or '\t'))
                return false;
        }

        return true;
    });

    private static string Guarded(byte[] bytes, int piece)
    {
        using var output = new MemoryStream();
        using var guard = new TerminalGuard(output);
        foreach (var part in bytes.Chunk(Math.Min(piece, Math.Max(1, bytes.Length))))
            guard.Write(part);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
