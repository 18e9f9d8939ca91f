using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Transports;
using Sesh.Tests.Store;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class AuthorizedKeysTests : IDisposable
{
    private const string Ed1 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AQ==";
    private const string Ed2 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5Ag==";

    private readonly ScratchHome _home = new();

    private string KeysFile => _home.File(".ssh", "authorized_keys");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_first_line_makes_folder_and_file_as_sshd_wants_them()
    {
        Assert.True(new AuthorizedKeys(_home.Path).Authorize(Key(Ed1), "'/bin/sesh' serve", "desk").Changed);
        Assert.Equal($"restrict,command=\"'/bin/sesh' serve\" {Ed1} sesh:desk\n", File.ReadAllText(KeysFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeysFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_home.File(".ssh")));
        Assert.Equal([KeysFile], Directory.GetFiles(_home.File(".ssh")));
    }

    [Fact]
    public void Again_it_changes_nothing_and_with_another_grant_that_line_alone()
    {
        Directory.CreateDirectory(_home.File(".ssh"));
        File.WriteAllText(KeysFile, $"# mine\n{Ed2} me@there\n\nfrom=\"10.*\" ecdsa-sha2-nistp256 AAAA");
        var keys = new AuthorizedKeys(_home.Path);
        Assert.True(keys.Authorize(Key(Ed1), "serve --allow sync", "desk").Changed);
        Assert.False(keys.Authorize(Key(Ed1), "serve --allow sync", "desk").Changed);
        Assert.True(keys.Authorize(Key(Ed1), "serve --allow read", "desk").Changed);
        Assert.Equal($"# mine\n{Ed2} me@there\n\nfrom=\"10.*\" ecdsa-sha2-nistp256 AAAA\nrestrict,command=\"serve --allow read\" {Ed1} sesh:desk\n", File.ReadAllText(KeysFile));
    }

    [Theory]
    [InlineData(Ed1)]
    [InlineData(Ed1 + " me@there")]
    [InlineData("from=\"10.*\",command=\"echo \\\"a b\\\"\" " + Ed1)]
    public void A_key_that_may_log_in_already_is_left_alone(string line)
    {
        Directory.CreateDirectory(_home.File(".ssh"));
        File.WriteAllText(KeysFile, $"# first\n{line}\n");
        var failure = Assert.Throws<SeshException>(() => new AuthorizedKeys(_home.Path).Authorize(Key(Ed1), "serve", "desk"));
        Assert.Equal("key-authorized", failure.Code);
        Assert.Contains(KeysFile + ":2", failure.Message, StringComparison.Ordinal);
        Assert.Equal($"# first\n{line}\n", File.ReadAllText(KeysFile));
    }

    [Fact]
    public void A_file_that_is_a_link_is_written_where_it_leads_and_stays_one()
    {
        Directory.CreateDirectory(_home.File(".ssh"));
        File.WriteAllText(_home.File("dotfile"), $"{Ed2}\n");
        File.SetUnixFileMode(_home.File("dotfile"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        File.CreateSymbolicLink(KeysFile, "../dotfile");
        new AuthorizedKeys(_home.Path).Authorize(Key(Ed1), "serve", "desk");
        Assert.Equal("../dotfile", new FileInfo(KeysFile).LinkTarget);
        Assert.Equal(2, File.ReadAllLines(_home.File("dotfile")).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_home.File("dotfile")));
    }

    private static HostKey Key(string line) => HostKey.TryParseLine(line, out var key) ? key : throw new ArgumentException(line);
}
