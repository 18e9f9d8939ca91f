using Sesh.Sessions;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class ForkNameTests
{
    [Theory]
    [InlineData("fix the build", "fix the build (fork)")]
    [InlineData("fix the build (fork)", "fix the build (fork 2)", "fix the build")]
    [InlineData("fix the build", "fix the build (fork 3)", "fix the build (fork)", "fix the build (fork 2)", "fix the build (fork 4)")]
    [InlineData("fix the build (fork 2)", "fix the build (fork)", "fix the build")]
    [InlineData("a (fork x)", "a (fork x) (fork)")]
    [InlineData("a (fork ", "a (fork  (fork)")]
    [InlineData(" (fork)", " (fork) (fork)")]
    [InlineData("", "", "")]
    public void A_fork_is_told_from_its_origin_and_from_other_forks(string name, string fork, params string[] taken) => Assert.Equal(fork, ForkName.Of(name, taken));
}
