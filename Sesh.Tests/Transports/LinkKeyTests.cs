using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Tests.Built;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Ssh;

public sealed class LinkKeyTests : IDisposable
{
    private readonly ScratchHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void It_is_made_once_and_openssh_reads_it()
    {
        var key = LinkKey.In(_home.Path);
        Assert.Equal(key, LinkKey.In(_home.Path));
        Assert.Equal(key.Public.Line, string.Join(' ', SshKey.Keygen("-y", "-f", key.Path).Trim().Split(' ')[..2]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key.Path));
    }

    [Fact]
    public void What_is_there_and_is_no_key_is_not_overwritten()
    {
        File.WriteAllText(_home.File("link_ed25519"), "something");
        Assert.Equal("link-key", Assert.Throws<SeshException>(() => LinkKey.In(_home.Path)).Code);
        Assert.Equal("something", File.ReadAllText(_home.File("link_ed25519")));
    }
}
