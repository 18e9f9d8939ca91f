using Sesh.Sessions;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class PrivatePathsTests
{
    [Theory]
    [InlineData("~/clients/*", "/home/u/clients/acme", true)]
    [InlineData("~/clients/*", "/home/u/clients/acme/deep/er", true)]
    [InlineData("~/clients/*", "/home/u/clients", false)]
    [InlineData("~/clients/*", "/home/u/clientship/acme", false)]
    [InlineData("~", "/home/u/x", true)]
    [InlineData("/srv/**/secret", "/srv/a/b/secret/c", true)]
    [InlineData("/srv/**/secret", "/srv/a/b/secrets", false)]
    [InlineData("/srv/ac*me", "/srv/acacme", true)]
    [InlineData("/srv/ac*me", "/srv/acacmes", false)]
    [InlineData("/srv", "", false)]
    [InlineData("", "/srv", false)]
    public void A_pattern_covers_a_folder_and_all_below(string pattern, string cwd, bool covered) =>
        Assert.Equal(covered, new PrivatePaths([pattern], "/home/u").Cover(cwd));
}
