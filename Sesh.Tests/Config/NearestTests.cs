using Sesh.Config;
using Xunit;

namespace Sesh.Tests.Config;

public sealed class NearestTests
{
    [Theory]
    [InlineData("lst", "list")]
    [InlineData("ifno", "info")]
    [InlineData("LIST", "list")]
    [InlineData("unarch", "unarchive")]
    [InlineData("xyzzy", null)]
    [InlineData("", null)]
    [InlineData("l", null)]
    public void The_nearest_word_or_none(string word, string? expected) => Assert.Equal(expected, Nearest.To(word, ["list", "info", "archive", "unarchive"]));
}
