using Sesh.Sessions.Reporters;
using Sesh.Sync;
using Xunit;

namespace Sesh.Tests.Sessions.Reporters;

public sealed class CodexSettingsTests
{
    private static readonly ReporterProgram Program = new("/opt/a \"b\"/sesh", "/h");

    [Theory]
    [InlineData("model = \"x\"\n[tui]\nnotify = true\n")]
    [InlineData("# mine\nmodel = \"x\"")]
    [InlineData("\n")]
    [InlineData("[a]\nx = 1\n")]
    [InlineData("notify = [\"say\", \"done\"]\n")]
    [InlineData("model = 'y'\nnotify=[ 'say' ,\n  # why\n  \"x\", ] # end\n[a]\n")]
    [InlineData("notify = []\nx = 1")]
    [InlineData("notify = [ ]\n")]
    [InlineData("\"notify\" = [\"a\"]\r\n[b]\r\n")]
    [InlineData("\uFEFFmodel = \"x\"\n")]
    [InlineData("t = \"ünï\"\nnotify = [\"ü\"]\n")]
    public void After_uninstalling_every_character_is_as_before(string settings)
    {
        Assert.Equal(ReporterState.Missing, CodexSettings.Look(settings, Program));
        var installed = CodexSettings.Install(settings, Program);
        Assert.Equal(ReporterState.Installed, CodexSettings.Look(installed, Program));
        Assert.Equal(installed, CodexSettings.Install(installed, Program));
        Assert.Equal(settings, CodexSettings.Uninstall(installed));
        Assert.Equal(Program.Path, CodexSettings.Program(installed));
        var older = CodexSettings.Install(settings, new ReporterProgram("/old/sesh", null));
        Assert.Equal(ReporterState.Other, CodexSettings.Look(older, Program));
        Assert.Equal(installed, CodexSettings.Install(older, Program));
    }

    [Fact]
    public void A_file_that_was_made_goes_again() => Assert.Null(CodexSettings.Uninstall(CodexSettings.Install(null, Program)));

    [Fact]
    public void What_the_user_had_told_is_called_on() =>
        Assert.Equal("notify = [\"/s/sesh\", \"report\", \"--agent\", \"codex\", \"--\", 'say', 'done']\n", CodexSettings.Install("notify = ['say', 'done']\n", new ReporterProgram("/s/sesh", null)));

    [Theory]
    [InlineData("notify = \"say\"\n", "notify is not a list")]
    [InlineData("notify = [1]\n", "something else than texts")]
    [InlineData("a = 1\nb = = 2\n", "line 2")]
    public void What_is_not_as_codex_would_read_it_is_refused(string settings, string why) =>
        Assert.Contains(why, Assert.Throws<SeshException>(() => CodexSettings.Install(settings, Program)).Message, StringComparison.Ordinal);
}
