using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Xunit;

namespace Sesh.Tests.Ssh;

public sealed class DestinationTests
{
    [Theory]
    [InlineData("desk", true)]
    [InlineData("me@desk.example.org", true)]
    [InlineData("me@10.0.0.1", true)]
    [InlineData("me@[2001:db8::1]", true)]
    [InlineData("me@fe80::1%eth0", true)]
    [InlineData("ssh://me@desk:2222", true)]
    [InlineData("me@corp@desk", true)]
    [InlineData("", false)]
    [InlineData("-oProxyCommand=touch", false)]
    [InlineData("me@-oProxyCommand=touch", false)]
    [InlineData("@desk", false)]
    [InlineData("me@", false)]
    [InlineData("desk;reboot", false)]
    [InlineData("$(reboot)", false)]
    [InlineData("`reboot`", false)]
    [InlineData("a b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u001b[2J", false)]
    [InlineData("a'b", false)]
    [InlineData("ü", false)]
    public void What_may_be_a_destination(string text, bool may)
    {
        Assert.Equal(may, Destination.IsSafe(text));
        if (!may)
            Assert.NotNull(Assert.Throws<SeshException>(() => Destination.Check(text)).Hint);
    }

    [Theory]
    [InlineData("me@desk:22", "me@desk --port 22")]
    [InlineData("desk:2222", "desk --port 2222")]
    [InlineData("me@[2001:db8::1]:22", "me@[2001:db8::1] --port 22")]
    [InlineData("me@corp@10.0.0.1:22", "me@corp@10.0.0.1 --port 22")]
    public void A_port_behind_the_host_is_to_be_given_by_itself(string text, string instead)
    {
        var refused = Assert.Throws<SeshException>(() => Destination.Check(text));
        Assert.Equal(2, refused.ExitCode);
        Assert.EndsWith(instead, refused.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("me@fe80::22")]
    [InlineData("me@2001:db8::1:22")]
    [InlineData("me@[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("ssh://me@desk:2222")]
    [InlineData("ssh://[::1]:22")]
    [InlineData("desk:")]
    [InlineData("desk:office")]
    public void What_has_colons_and_no_port_is_taken_as_it_is(string text) => Assert.Equal(text, Destination.Check(text));

    [Theory]
    [InlineData("desk", null, "desk", null)]
    [InlineData("me@desk", "me", "desk", null)]
    [InlineData("me@[::1]", "me", "::1", null)]
    [InlineData("ssh://me@desk:2222", "me", "desk", 2222)]
    [InlineData("ssh://[::1]:22/", null, "::1", 22)]
    public void Its_parts_without_a_configuration(string text, string? user, string host, int? port) => Assert.Equal((user, host, port), Destination.Split(text));

    [Theory]
    [InlineData("/usr/bin/sesh", true)]
    [InlineData("~/bin/sesh", true)]
    [InlineData("/with blank/sesh-1.0_x+y@z:w=v,u", true)]
    [InlineData("sesh", false)]
    [InlineData("~root/sesh", false)]
    [InlineData("/a'b", false)]
    [InlineData("/a\"b", false)]
    [InlineData("/a$b", false)]
    [InlineData("/a`b", false)]
    [InlineData("/a\\b", false)]
    [InlineData("/a!b", false)]
    [InlineData("/a;b", false)]
    [InlineData("/a\nb", false)]
    [InlineData("", false)]
    public void What_may_pass_a_remote_shell(string path, bool may)
    {
        Assert.Equal(may, RemoteCommand.IsSafePath(path));
        var peer = new Peer { Name = MachineName.Parse("desk"), RemoteSesh = path };
        if (!may)
            Assert.Equal("remote-path", Assert.Throws<SeshException>(() => RemoteCommand.Serve(peer)).Code);
    }
}
