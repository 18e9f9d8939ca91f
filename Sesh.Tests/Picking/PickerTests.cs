using Sesh.Output;
using Sesh.Picking;
using Xunit;

namespace Sesh.Tests.Picking;

public sealed class PickerTests
{
    private static readonly PickerModel s_three = PickerModel.Of([Row("a1", "fix the parser"), Row("b2", "日本語 docs"), Row("c3", "Parser tests")]);

    [Fact]
    public void Every_word_must_occur_in_a_row_whatever_the_case()
    {
        Assert.Equal([0, 2], Typed(s_three, "parser").Shown);
        Assert.Equal([2], Typed(s_three, "PARSER tes").Shown);
        Assert.Equal([1], Typed(s_three, "日本").Shown);
        var none = Typed(s_three, "nothing");
        Assert.Empty(none.Shown);
        Assert.Null(none.Chosen);
        Assert.Null(none.After(new(PickerAction.Down), 10).Chosen);
    }

    [Fact]
    public void The_cursor_stays_on_its_session_while_that_is_shown()
    {
        var last = s_three.After(new(PickerAction.Last), 10);
        Assert.Equal(2, last.Chosen);
        var narrowed = Typed(last, "parser");
        Assert.Equal(2, narrowed.Chosen);
        Assert.Equal(2, narrowed.After(new(PickerAction.EraseAll), 10).Chosen);
        Assert.Equal(1, Typed(last, "docs").Chosen);
    }

    [Fact]
    public void Erasing_takes_a_character_as_a_reader_sees_it_or_a_word()
    {
        Assert.Equal("a", Typed(s_three, "a👩‍💻").After(new(PickerAction.Erase), 10).Filter);
        Assert.Equal("one ", Typed(s_three, "one two ").After(new(PickerAction.EraseWord), 10).Filter);
        Assert.Equal("", s_three.After(new(PickerAction.Erase), 10).After(new(PickerAction.EraseWord), 10).Filter);
    }

    [Fact]
    public void A_frame_is_never_wider_or_taller_than_the_screen()
    {
        var random = new Random(3);
        string[] words = ["plain", "日本語", "🎉🎉", "é́", "a/very/long/path/that/goes/on/and/on", ""];
        var rows = Enumerable.Range(0, 200).Select(_ => Row(words[random.Next(6)], words[random.Next(6)] + words[random.Next(6)])).ToList();
        var model = PickerModel.Of(rows);
        PickerAction[] moves = [PickerAction.Down, PickerAction.PageDown, PickerAction.Up, PickerAction.PageUp, PickerAction.Last, PickerAction.EraseAll];
        for (var i = 0; i < 3000; i++)
        {
            var (columns, height) = (random.Next(1, 120), random.Next(1, 40));
            model = random.Next(8) == 0 ? model.After(new(PickerAction.Text, words[random.Next(5)][..1]), 10) : model.After(new(moves[random.Next(moves.Length)]), PickerFrame.Page(height));
            var lines = PickerFrame.Of(model, columns, height, new Palette(false));
            Assert.InRange(lines.Count, 1, height);
            Assert.All(lines, l => Assert.InRange(Columns.Of(l), 0, columns));
            if (model.Chosen is not null && height > 2 && columns > 1)
                Assert.Single(lines, l => l.StartsWith('▌'));
        }
    }

    [Fact]
    public void A_frame_looks_like_this() => Assert.Equal(
        [
            "> pars",
            "  2/3   Enter: choose  Esc: leave",
            "  a1  fix the parser",
            "▌ c3  Parser tests",
        ],
        PickerFrame.Of(Typed(s_three, "pars").After(new(PickerAction.Down), 10), 80, 24, new Palette(false)));

    private static PickerModel Typed(PickerModel model, string text) => model.After(new(PickerAction.Text, text), 10);

    private static PickerRow Row(params string[] cells) => new(cells, string.Join(' ', cells));
}
