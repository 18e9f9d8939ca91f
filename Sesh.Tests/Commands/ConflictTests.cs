using Xunit;

namespace Sesh.Tests.Commands;

public sealed class ConflictTests : IDisposable
{
    private const string One = "11111111-0000-4000-8000-000000000001";

    private readonly CommandWorld _alpha = new();
    private readonly CommandWorld _beta = new("beta");

    [Fact]
    public void Names_given_on_two_machines_at_once_are_both_kept_until_one_is_given_again()
    {
        _alpha.Add(One, "before");
        Carry(_alpha, _beta);
        _alpha.Time.Pass(TimeSpan.FromSeconds(1));
        _beta.Time.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _alpha.Run("rename", One, "from alpha").Status);
        Assert.Equal(0, _beta.Run("rename", One, "from beta").Status);
        Carry(_beta, _alpha);

        Assert.Equal("from beta\n", _alpha.Run("info", One, "--jq", ".name").Out);
        Assert.Equal(
            "{\"field\":\"name\",\"key\":null,\"value\":\"from alpha\",\"machine\":\"alpha\",\"at\":\"2026-11-22T21:49:56.123Z\"}\n",
            _alpha.Run("info", One, "--jq", ".conflicts[]|tojson").Out);
        Assert.Contains(
            $"conflict     name is also from alpha, says alpha, 2026-11-22 21:49 (now)\n             settle it: sesh rename {One} <name>\n", _alpha.Run("info", One).Out, StringComparison.Ordinal);

        Assert.Equal(0, _alpha.Run("rename", One, "settled").Status);
        Assert.Equal("0\n", _alpha.Run("info", One, "--jq", ".conflicts|length").Out);
    }

    /// <summary>As a person with a USB stick would.</summary>
    private static void Carry(CommandWorld from, CommandWorld to)
    {
        var folder = Directory.CreateDirectory(Path.Join(to.Home, "docs")).FullName;
        foreach (var document in Directory.GetFiles(Path.Join(from.Home, "docs")))
            File.Copy(document, Path.Join(folder, Path.GetFileName(document)), overwrite: true);
    }

    public void Dispose()
    {
        _alpha.Dispose();
        _beta.Dispose();
    }
}
