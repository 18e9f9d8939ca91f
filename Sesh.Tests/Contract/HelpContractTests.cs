using Sesh.Commands;
using Sesh.Tests.Commands;
using Xunit;

namespace Sesh.Tests.Contract;

public sealed class HelpContractTests : IDisposable
{
    private readonly CommandWorld _world = new();

    public static TheoryData<string> VerbNames() => [.. Verbs.All().Select(v => v.Name)];

    public static TheoryData<string> TopicNames() => [.. Topics.Names];

    [Theory]
    [MemberData(nameof(VerbNames))]
    public void Help_of_a_verb(string verb)
    {
        var run = _world.Run([.. verb.Split(' '), "--help"]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(run.Out, _world.Run(["help", .. verb.Split(' ')]).Out);
        ContractFile.Matches($"help/{verb.Replace(' ', '-')}", run.Out);
    }

    [Theory]
    [MemberData(nameof(TopicNames))]
    public void Help_of_a_topic(string topic) => ContractFile.Matches($"help/topic-{topic}", _world.Run("help", topic).Out);

    [Fact]
    public void Help_of_the_program()
    {
        var run = _world.Run();
        Assert.Equal(0, run.Status);
        Assert.Equal(run.Out, _world.Run("help").Out);
        Assert.Equal(run.Out, _world.Run("-h").Out);
        ContractFile.Matches("help/sesh", run.Out);
    }

    [Fact]
    public void No_help_is_left_of_verbs_that_are_gone()
    {
        var known = Verbs.All().Select(v => v.Name.Replace(' ', '-')).Concat(Topics.Names.Select(t => "topic-" + t)).Append("sesh");
        var files = Directory.GetFiles(Path.Join(ContractFile.Folder, "help"), "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!);
        Assert.Equal(known.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(VerbNames))]
    public void Every_verb_has_an_example_and_explains_every_option(string name)
    {
        var verb = Verbs.Find(name)!;
        Assert.NotEmpty(verb.Examples);
        Assert.All(verb.Examples, e => Assert.False(string.IsNullOrWhiteSpace(e.What), e.Command));
        var command = verb.Build();
        Assert.All(command.Options, o => Assert.False(string.IsNullOrWhiteSpace(o.Description), o.Name));
        Assert.All(command.Arguments, a => Assert.False(string.IsNullOrWhiteSpace(a.Description), a.Name));
        Assert.False(verb.Summary.EndsWith('.') || char.IsUpper(verb.Summary[0]), "a summary begins small and ends without a full stop");
    }

    public void Dispose() => _world.Dispose();
}
