using Sesh.Agents;
using Sesh.Sessions;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class ProposedNameTests
{
    [Fact]
    public void The_title_comes_before_the_first_prompt()
    {
        Assert.Equal("A title", ProposedName.Of(new TranscriptFacts { Title = "A title", FirstPrompt = "do it" }));
        Assert.Equal("do it", ProposedName.Of(new TranscriptFacts { Title = " \u001b ", FirstPrompt = "do it" }));
    }

    [Theory]
    [InlineData("one\n\n  two\tthree ", "one two three")]
    [InlineData("\u001b[31mred\u001b[0m", "[31mred [0m")]
    [InlineData("a\u202Eb\u0000c", "a b c")]
    [InlineData("家族 👨‍👩‍👧 ok", "家族 👨‍👩‍👧 ok")]
    [InlineData("\r\n\u200B", "")]
    public void A_name_is_one_line_of_what_can_be_seen(string text, string expected) => Assert.Equal(expected, ProposedName.OneLine(text));

    [Fact]
    public void A_long_prompt_is_cut_between_characters_and_marked()
    {
        var name = ProposedName.OneLine(string.Concat(Enumerable.Repeat("👨‍👩‍👧", 500)));

        Assert.Equal(string.Concat(Enumerable.Repeat("👨‍👩‍👧", ProposedName.MaxLength)) + "…", name);
    }
}
