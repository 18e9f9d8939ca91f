using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sesh.Config;

namespace Sesh.Commands;

/// <summary>Options and arguments of the kinds that verbs share.</summary>
internal static class Ask
{
    /// <summary>The agents there are.</summary>
    public static IReadOnlyList<string> Agents => ["claude", "codex", "pi"];

    public static Option<bool> Flag(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };

    /// <summary>For a verb that runs on the session's owner.</summary>
    public static Option<bool> Wait() => Flag("--wait", "where its machine cannot be reached, wait until it can be");

    /// <summary>For programs: in no help and no completion.</summary>
    public static T Hidden<T>(T option)
        where T : Option
    {
        option.Hidden = true;
        return option;
    }

    public static Option<string> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = value };

    /// <summary>May be given several times.</summary>
    public static Option<string[]> Texts(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, AllowMultipleArgumentsPerToken = false, Arity = ArgumentArity.OneOrMore };

    public static Option<string> Agent(string description) => OneOf("--agent", Agents, description);

    /// <param name="value">What help calls the value; the choices themselves where left out.</param>
    public static Option<string> OneOf(string name, IReadOnlyList<string> choices, string description, string? value = null) => new ChoiceOption(name, choices)
    {
        Description = description,
        HelpName = value ?? string.Join('|', choices),
        CustomParser = result => Choice(result, name, choices),
    };

    /// <summary>A whole number that is not negative.</summary>
    public static Option<int?> Count(string name, string value, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = value,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count;
            result.AddError($"{name} takes a whole number from 0 on, not {result.Tokens[0].Value}");
            return null;
        },
    };

    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "duration",
        CustomParser = result =>
        {
            if (Output.Duration.TryParse(result.Tokens[0].Value, out var duration))
                return duration;
            result.AddError($"{name}: not a duration: {result.Tokens[0].Value}; {Output.Duration.Rule}");
            return null;
        },
    };

    /// <summary>A session that must be named.</summary>
    public static Argument<string> OneSession() => new("uuid") { Description = "uuid, or the first letters of it or of the agent's id" };

    /// <summary>A session; left out, the one this runs in.</summary>
    public static Argument<string?> Session() => new("uuid")
    {
        Description = "uuid, or the first letters of it or of the agent's id; left out: the session this runs in",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Argument<string[]> Words(string name, string description, bool optional = false) => new(name)
    {
        Description = description,
        Arity = optional ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore,
    };

    private static string? Choice(ArgumentResult result, string name, IReadOnlyList<string> choices)
    {
        var word = result.Tokens[0].Value;
        if (choices.FirstOrDefault(c => string.Equals(c, word, StringComparison.OrdinalIgnoreCase)) is { } choice)
            return choice;
        var hint = Nearest.To(word, choices) is { } near ? $"; did you mean {near}?" : "";
        result.AddError($"{name} is one of {string.Join(", ", choices)}, not {word}{hint}");
        return null;
    }
}
