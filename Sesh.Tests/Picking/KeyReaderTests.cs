using System.Text;
using Sesh.Picking;
using Xunit;

namespace Sesh.Tests.Picking;

public sealed class KeyReaderTests
{
    [Theory]
    [InlineData("\e[A", "Up")]
    [InlineData("\eOB", "Down")]
    [InlineData("\e[5~", "PageUp")]
    [InlineData("\e[1~\e[F", "First,Last")]
    [InlineData("\r", "Accept")]
    [InlineData("\u0003", "Leave")]
    [InlineData("\u0010\u000e\u007f\u0017\u0015", "Up,Down,Erase,EraseWord,EraseAll")]
    [InlineData("a日🎉", "Text:a,Text:日,Text:🎉")]
    [InlineData("\e\e[A", "Leave,Up")]
    [InlineData("\e[<35;10;10M\e[200~x\e[201~\eb", "Text:x")]
    public void Keys_are_the_same_in_whatever_pieces_they_come(string typed, string wanted)
    {
        var bytes = Encoding.UTF8.GetBytes(typed);
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            var reader = new KeyReader();
            var keys = bytes.Chunk(piece).SelectMany(p => reader.Take(p)).ToList();
            Assert.Equal(wanted, string.Join(',', keys.Select(k => k.Action == PickerAction.Text ? $"Text:{k.Text}" : $"{k.Action}")));
            Assert.False(reader.IsPending);
        }
    }

    [Fact]
    public void Escape_alone_is_known_when_nothing_follows_and_half_a_key_is_none()
    {
        var reader = new KeyReader();
        Assert.Empty(reader.Take("\e"u8));
        Assert.True(reader.IsPending);
        Assert.Equal([new PickerKey(PickerAction.Leave)], reader.Finish());
        Assert.Empty(reader.Take("\e["u8));
        Assert.Empty(reader.Finish());
        Assert.Equal([new PickerKey(PickerAction.Text, "x")], reader.Take("x"u8));
    }

    [Fact]
    public void Whatever_bytes_come_it_neither_breaks_nor_holds_without_bound()
    {
        var random = new Random(1);
        var reader = new KeyReader();
        var bytes = new byte[64];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            foreach (var key in reader.Take(bytes.AsSpan(0, random.Next(bytes.Length))))
                Assert.DoesNotContain(key.Text, char.IsControl);
            if (reader.IsPending && random.Next(3) == 0)
                reader.Finish();
        }

        reader.Finish();
        Assert.Equal([new PickerKey(PickerAction.Accept)], reader.Take("\r"u8));
    }
}
