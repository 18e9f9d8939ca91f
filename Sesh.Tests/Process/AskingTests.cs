using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Verbs that run on a session's owner, over real ssh.</summary>
public sealed class AskingTests : IDisposable
{
    private readonly MeshMachine _alpha = new("alpha");
    private readonly MeshMachine _beta = new("beta");

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }

    [Theory]
    [InlineData("sshnet")]
    [InlineData("openssh")]
    public void A_transcript_is_read_where_it_lies(string transport)
    {
        _alpha.Dials(_beta, transport: transport);
        var uuid = _beta.Adopt("hello there");
        Exchange();
        Assert.Equal(_beta.Sesh.Run("transcript", uuid).Succeeds(), _alpha.Sesh.Run("transcript", uuid).Succeeds());
        Assert.Equal(_beta.Sesh.Run("tail", uuid, "-n", "1", "--raw").Succeeds(), _alpha.Sesh.Run("tail", uuid[..8], "-n", "1", "--raw").Succeeds());
        Assert.Equal("idle", _alpha.Sesh.Run("state", uuid, "--jq", ".turnStatus").Succeeds());
    }

    private void Exchange()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_beta.Sesh.Home, "docs")))
            File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(_alpha.Sesh.Home, "docs")).FullName, Path.GetFileName(file)), overwrite: true);
    }
}
