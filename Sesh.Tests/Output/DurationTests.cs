using CsCheck;
using Sesh.Output;
using Xunit;

namespace Sesh.Tests.Output;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("1w", 604800)]
    [InlineData("0", 0)]
    [InlineData(" 10s ", 10)]
    [InlineData("250ms", 0.25)]
    [InlineData("1s500ms", 1.5)]
    public void Read(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("-5m")]
    [InlineData("5x")]
    [InlineData("m")]
    [InlineData("1m1h")]
    [InlineData("1m1m")]
    [InlineData("1h30")]
    [InlineData("1..5h")]
    [InlineData("1e9")]
    [InlineData("5 m")]
    [InlineData("99999999999d")]
    [InlineData("٣s")]
    public void Refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void What_is_written_reads_back() =>
        Gen.Int[0, 10_000_000].Sample(seconds => Duration.TryParse(Duration.Format(TimeSpan.FromSeconds(seconds)), out var back) && back == TimeSpan.FromSeconds(seconds));
}
