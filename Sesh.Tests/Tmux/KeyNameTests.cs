using Sesh.Sessions;
using Xunit;

namespace Sesh.Tests.Tmux;

public sealed class KeyNameTests
{
    [Theory]
    [InlineData("Enter")]
    [InlineData("escape")]
    [InlineData("C-c")]
    [InlineData("C-M-x")]
    [InlineData("M-Enter")]
    [InlineData("S-Up")]
    [InlineData("^C")]
    [InlineData("F1")]
    [InlineData("F12")]
    [InlineData("y")]
    [InlineData("-")]
    [InlineData("^")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("C--")]
    public void These_are_keys(string key) => Assert.True(KeyName.IsKey(key));

    [Theory]
    [InlineData("")]
    [InlineData("Entre")]
    [InlineData("yes")]
    [InlineData("F13")]
    [InlineData("F0")]
    [InlineData("C-")]
    [InlineData("X-c")]
    [InlineData("\u001b")]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("\ud800")]
    [InlineData("#{pid}")]
    [InlineData(";;")]
    public void These_are_not(string key) => Assert.False(KeyName.IsKey(key));
}
