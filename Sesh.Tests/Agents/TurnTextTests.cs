using Sesh.Agents;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class TurnTextTests
{
    [Fact]
    public void What_is_longer_than_a_reply_may_be_is_cut_at_a_whole_character_and_says_so()
    {
        var text = new TurnText();
        text.Say(new string('x', TranscriptLimits.Reply - 2));
        Assert.False(text.IsCut);
        text.Say("\U0001F600 more");
        Assert.True(text.IsCut);
        text.Say("and more");
        Assert.Equal((TranscriptLimits.Reply - 1, '\n'), (text.All.Length, text.All[^1]));
    }

    [Fact]
    public void What_just_fits_is_whole()
    {
        var text = new TurnText();
        text.Say(new string('x', TranscriptLimits.Reply));
        Assert.False(text.IsCut);
        Assert.Equal(TranscriptLimits.Reply, text.All.Length);
    }
}
