using Sesh.Sessions.Doctor;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class HomeCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-home-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_sound_home_has_nothing_to_warn_of()
    {
        var home = Home(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.DoesNotContain(HomeCheck.Look(home), f => f.Subject == "home" && f.Health != Health.Ok);
    }

    [Fact]
    public void A_home_that_is_a_file_fails()
    {
        var home = Path.Combine(_folder, "file");
        File.WriteAllText(home, "");

        Assert.Equal(Health.Fail, Assert.Single(HomeCheck.Look(home)).Health);
    }

    [Fact]
    public void A_home_that_is_not_there_is_told_how_to_make() =>
        Assert.Equal("\"sesh init\" makes it", Assert.Single(HomeCheck.Look(Path.Combine(_folder, "none"))).Remedy);

    [Fact]
    public void A_file_others_can_read_is_named_and_its_repair_closes_it()
    {
        var home = Home(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var finding = Assert.Single(HomeCheck.Look(home), f => f.Health == Health.Warn && f.Subject == "home");
        Assert.Contains("own/lock", finding.Message, StringComparison.Ordinal);
        finding.Repair!.Do();

        Assert.DoesNotContain(HomeCheck.Look(home), f => f.Subject == "home" && f.Health != Health.Ok);
    }

    private string Home(UnixFileMode lockMode)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var home = Path.Combine(_folder, "home");
        Directory.CreateDirectory(home, Owner);
        Directory.CreateDirectory(Path.Combine(home, "own"), Owner);
        File.WriteAllText(Path.Combine(home, "own", "lock"), "");
        File.SetUnixFileMode(Path.Combine(home, "own", "lock"), lockMode);
        return home;
    }
}
