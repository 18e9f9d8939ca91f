using System.Text;
using System.Xml.Linq;
using Sesh.Commands;
using Xunit;

namespace Sesh.Tests.Commands;

public sealed class ApplicationTests : IDisposable
{
    private readonly CommandWorld _world = new();

    [Fact]
    public void The_version_is_the_projects()
    {
        var project = XDocument.Load(Path.Join(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal($"sesh {project}\n", _world.Run("--version").Out);
    }

    [Theory]
    [InlineData("--json list")]
    [InlineData("list --json")]
    [InlineData("-q list --json")]
    [InlineData("--machine alpha list --json")]
    public void Options_of_every_verb_stand_before_it_or_after(string line) => Assert.Equal("[]\n", _world.Run(line.Split(' ')).Out);

    [Theory]
    [InlineData("list --jq", "--jq needs a value")]
    [InlineData("list --fields", "--fields needs a value")]
    [InlineData("list --jq . --jq .", "--jq is given twice")]
    [InlineData("list --fields uuid --fields name", "--fields is given twice")]
    [InlineData("--jq", "no verb is given")]
    public void What_shapes_the_output_and_is_given_wrongly_is_a_usage_error_as_any_other(string line, string complaint)
    {
        var run = _world.Run(line.Split(' '));
        Assert.Equal(2, run.Status);
        Assert.StartsWith(complaint, run.Complaint, StringComparison.Ordinal);
        Assert.StartsWith("{", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deamon status", "unknown verb: deamon; did you mean \"daemon status\"?")]
    [InlineData("deamon statsu", "unknown verb: deamon; did you mean \"daemon status\"?")]
    [InlineData("deamon frobnicate", "unknown verb: deamon; did you mean \"daemon\"?")]
    [InlineData("pere", "unknown verb: pere; did you mean \"peer\"?")]
    [InlineData("peer tset desk", "unknown verb: peer tset; did you mean \"peer test\"?")]
    [InlineData("op frobnicate", "unknown verb: op frobnicate; there is: op log")]
    [InlineData("daemon --json", "daemon needs a second word; there is: daemon ")]
    [InlineData("lst", "unknown verb: lst; did you mean \"list\"?")]
    public void A_mistyped_verb_is_answered_with_the_nearest(string line, string complaint)
    {
        var run = _world.Run(line.Split(' '));
        Assert.Equal(2, run.Status);
        Assert.StartsWith(complaint, run.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@nosuchfile")]
    [InlineData("/h")]
    [InlineData("/?")]
    [InlineData("[suggest]")]
    [InlineData("[diagram]")]
    public void Words_that_other_programs_treat_specially_are_words(string word)
    {
        _world.Add("11111111-0000-4000-8000-000000000001", "before");
        Assert.Equal(0, _world.Run("rename", "1111", word).Status);
        Assert.Equal(word, _world.Find("11111111-0000-4000-8000-000000000001")!.Name);
    }

    [Fact]
    public void Words_behind_two_hyphens_are_no_options()
    {
        _world.Add("11111111-0000-4000-8000-000000000001", "before");
        Assert.Equal(0, _world.Run("rename", "1111", "--", "--json").Status);
        Assert.Equal("--json", _world.Find("11111111-0000-4000-8000-000000000001")!.Name);
    }

    [Fact]
    public void A_reader_that_has_gone_ends_the_command_without_a_word()
    {
        using var error = new MemoryStream();
        var status = Application.Run(["help"], new Surroundings
        {
            Variable = _ => null,
            WorkingDirectory = () => "/",
            Input = () => Stream.Null,
            Output = new GoneReader(),
            Error = error,
        });
        Assert.Equal((141, ""), (status, Encoding.UTF8.GetString(error.ToArray())));
    }

    [Fact]
    public void A_failure_inside_is_one_line_and_with_verbose_says_where()
    {
        _world.Variables["SESH_HOME"] = "relative\0path";
        var run = _world.Run("list");
        Assert.Equal((1, 1), (run.Status, run.Error.Count(c => c == '\n')));
        Assert.Contains("   at Sesh.", _world.Run("list", "-v").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Home_may_be_given_and_need_not_be_there()
    {
        Assert.Equal("[]\n", _world.Run("--home", "elsewhere", "list", "--json").Out);
        Assert.Equal(2, _world.Run("--home", "", "list").Status);
    }

    [Fact]
    public void Quiet_silences_notes()
    {
        _world.Add("11111111-0000-4000-8000-000000000001");
        Assert.NotEqual("", _world.Run("untag", "1111", "x").Error);
        Assert.Equal("", _world.Run("untag", "1111", "x", "-q").Error);
    }

    [Fact]
    public void Jq_prints_texts_bare_and_its_own_complaints_as_ours()
    {
        _world.Add("11111111-0000-4000-8000-000000000001", "a name");
        Assert.Equal("a name\n", _world.Run("list", "--jq", ".[].name").Out);
        var wrong = _world.Run("list", "--jq", ".[");
        Assert.Equal(1, wrong.Status);
        Assert.StartsWith("sesh: jq: ", wrong.Error, StringComparison.Ordinal);
        _world.Variables["PATH"] = "/nowhere";
        Assert.Contains("not on PATH", _world.Run("list", "--jq", ".").Error, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();

    private sealed class GoneReader : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new Sesh.Output.BrokenPipeException();
    }
}
