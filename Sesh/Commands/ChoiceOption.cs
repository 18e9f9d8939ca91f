using System.CommandLine;

namespace Sesh.Commands;

/// <summary>An option of few values, which it can name.</summary>
internal sealed class ChoiceOption(string name, IReadOnlyList<string> choices) : Option<string>(name)
{
    public IReadOnlyList<string> Choices { get; } = choices;
}
