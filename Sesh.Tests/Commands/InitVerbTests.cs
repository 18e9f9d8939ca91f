using Xunit;

namespace Sesh.Tests.Commands;

public sealed class InitVerbTests : IDisposable
{
    private readonly CommandWorld _world = new();

    public InitVerbTests() => _world.Variables.Remove("SESH_MACHINE");

    private string Config => Path.Join(_world.Home, "config.toml");

    [Fact]
    public void Init_with_a_name_writes_it_readable_by_its_user_alone()
    {
        Assert.Equal(0, _world.Run("init", "--machine", "laptop").Status);
        Assert.Equal("machine = \"laptop\"\n", File.ReadAllText(Config));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Config));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_world.Home));
    }

    [Fact]
    public void Init_again_changes_nothing_and_refuses_another_name()
    {
        _world.Run("init", "--machine", "laptop");
        Assert.Equal(0, _world.Run("init").Status);
        Assert.Equal(0, _world.Run("init", "--machine", "laptop").Status);
        Assert.Equal(1, _world.Run("init", "--machine", "desk").Status);
        Assert.Equal("machine = \"laptop\"\n", File.ReadAllText(Config));
    }

    [Theory]
    [InlineData("machine = \"laptop\"\n# mine\n[models]\npi = \"x\"\n", "machine = \"desk\"\n# mine\n[models]\npi = \"x\"\n")]
    [InlineData("# mine\n  machine=\"laptop\" # this one\n[sync]\nmetered = true\n", "machine = \"desk\"\n# mine\n[sync]\nmetered = true\n")]
    public void Renamed_it_has_the_new_name_in_the_place_of_the_one_before(string before, string after)
    {
        Directory.CreateDirectory(_world.Home);
        File.WriteAllText(Config, before);
        Assert.Equal(0, _world.Run("init", "--machine", "desk", "--rename").Status);
        Assert.Equal(after, File.ReadAllText(Config));
        Assert.Equal(2, _world.Run("init", "--rename").Status);
    }

    [Fact]
    public void A_name_that_the_environment_alone_has_is_written_down_for_logins_that_have_it_not()
    {
        _world.Variables["SESH_MACHINE"] = "laptop";
        Assert.Equal(0, _world.Run("init").Status);
        Assert.False(File.Exists(Config));
        Assert.Equal(1, _world.Run("init", "--machine", "desk").Status);
        Assert.Equal(0, _world.Run("init", "--machine", "laptop").Status);
        Assert.Equal("machine = \"laptop\"\n", File.ReadAllText(Config));
        Assert.Equal("false\n", _world.Run("init", "--machine", "laptop", "--jq", ".changed").Out);
    }

    [Fact]
    public void Quietly_it_says_nothing_and_sets_the_name()
    {
        _world.OnTerminal = true;
        var run = _world.Run("init", "--machine", "laptop", "--quiet");
        Assert.Equal((0, "", ""), (run.Status, run.Out, run.Error));
        Assert.Equal("machine = \"laptop\"\n", File.ReadAllText(Config));
        Assert.Equal("", _world.Run("init", "-q").Out);
    }

    [Fact]
    public void Init_keeps_what_stands_in_the_file_and_stays_outside_its_sections()
    {
        Directory.CreateDirectory(_world.Home);
        File.WriteAllText(Config, "# mine\n[models]\npi = \"x\"\n");
        Assert.Equal(0, _world.Run("init", "--machine", "laptop").Status);
        Assert.Equal("machine = \"laptop\"\n# mine\n[models]\npi = \"x\"\n", File.ReadAllText(Config));
        Assert.Equal("\"laptop\"\n", _world.Run("init", "--jq", ".machine|tojson").Out);
    }

    [Fact]
    public void Without_a_terminal_and_a_name_it_fails_and_writes_nothing()
    {
        Assert.Equal(2, _world.Run("init").Status);
        Assert.False(Directory.Exists(_world.Home));
    }

    [Fact]
    public void On_a_terminal_it_asks_until_the_answer_is_a_name()
    {
        _world.OnTerminal = true;
        _world.Input = "no/name\n desk \n";
        var run = _world.Run("init");
        Assert.Equal(0, run.Status);
        Assert.Equal("machine = \"desk\"\n", File.ReadAllText(Config));
        Assert.Contains("a name is ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_that_ends_it_is_cancelled()
    {
        _world.OnTerminal = true;
        Assert.Equal(130, _world.Run("init").Status);
        Assert.False(File.Exists(Config));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData(".x")]
    public void A_name_that_could_leave_its_folder_is_refused(string name) => Assert.Equal(2, _world.Run("init", "--machine", name).Status);

    public void Dispose() => _world.Dispose();
}
