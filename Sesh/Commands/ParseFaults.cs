using System.CommandLine.Parsing;
using Sesh.Config;

namespace Sesh.Commands;

/// <summary>Says in our own words, in one line, what is wrong with a command line.</summary>
internal static class ParseFaults
{
    /// <summary>Null where nothing is.</summary>
    public static UsageException? Of(CommandLine line)
    {
        var parse = line.Parse;
        if (line.Verb is null)
            return NoVerb(line);
        var help = $"see \"sesh {line.Verb.Name} --help\"";
        if (MistypedOption(line) is { } mistyped)
            return mistyped;
        if (parse.UnmatchedTokens is [var stray, ..])
        {
            return IsOption(stray) ? new UsageException($"{line.Verb.Name} has no option {Name(stray)}", Suggest(Name(stray), Options(line)) ?? help)
                : new UsageException($"{line.Verb.Name}: one word too many: {stray}", help);
        }

        if (parse.Errors is not [var error, ..])
            return null;
        return error.SymbolResult switch
        {
            ArgumentResult { Parent: OptionResult option } when option.Tokens.Count == 0 => new UsageException($"{option.Option.Name} needs a value", help),
            OptionResult option when option.Tokens.Count == 0 => new UsageException($"{option.Option.Name} needs a value", help),
            OptionResult option when option.Tokens.Count > 1 && option.IdentifierTokenCount > 1 => new UsageException($"{option.Option.Name} is given twice", help),
            ArgumentResult argument when argument.Tokens.Count == 0 => new UsageException($"{line.Verb.Name} needs <{argument.Argument.HelpName ?? argument.Argument.Name}>", help),
            _ => new UsageException(Own(error.Message), help),
        };
    }

    /// <summary>
    /// An unknown option where a word is taken, which the parser would take for that word: a session would get it as its name. Behind "--" anything goes; a message is only suspected where it nearly is an
    /// option of its verb.
    /// </summary>
    private static UsageException? MistypedOption(CommandLine line)
    {
        if (line.Verb!.Hidden)
            return null;
        var typed = line.Words.TakeWhile(w => w != "--").ToHashSet(StringComparer.Ordinal);
        foreach (var token in line.Parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens))
        {
            if (!IsOption(token.Value) || !typed.Contains(token.Value))
                continue;
            var near = Nearest.To(Name(token.Value), Options(line));
            if (near is null && line.Verb.TakesText)
                continue;
            var hint = near is not null ? $"did you mean {near}?" : $"see \"sesh {line.Verb.Name} --help\"";
            return new UsageException($"{line.Verb.Name} has no option {Name(token.Value)}", $"{hint} A word that begins with - goes behind --");
        }

        return null;
    }

    private static UsageException NoVerb(CommandLine line)
    {
        if (CommandLine.VerbAt(line.Words) is not { } at)
        {
            var stray = line.Parse.UnmatchedTokens.FirstOrDefault(IsOption);
            return stray is not null
                ? new UsageException($"unknown option {Name(stray)}", Suggest(Name(stray), Options(line)) ?? "see \"sesh help\"")
                : new UsageException("no verb is given", "see \"sesh help\"");
        }

        var word = line.Words[at];
        var second = at + 1 < line.Words.Count && !IsOption(line.Words[at + 1]) ? line.Words[at + 1] : null;
        if (Verbs.IsGroup(word))
        {
            var there = $"there is: {string.Join(", ", Members(word))}";
            return second is null ? new UsageException($"{word} needs a second word", there)
                : new UsageException($"unknown verb: {word} {second}", Member(word, second) is { } member ? $"did you mean \"{member}\"?" : there);
        }

        if (word.Length == 0)
            return new UsageException("the verb is empty", "see \"sesh help\"");
        var near = Nearest.To(word, Verbs.All().Select(v => v.Name.Split(' ')[0]).Distinct());
        // Of a group the verb as a whole, where the other word tells which.
        if (near is not null && Verbs.IsGroup(near) && second is not null)
            near = Member(near, second) ?? near;
        return new UsageException($"unknown verb: {word}", near is null ? "see \"sesh help\"" : $"did you mean \"{near}\"?");
    }

    private static IEnumerable<string> Members(string group) => Verbs.All().Select(v => v.Name).Where(n => n.StartsWith(group + " ", StringComparison.Ordinal));

    private static string? Member(string group, string word) => Nearest.To(word, Members(group).Select(n => n[(group.Length + 1)..])) is { } near ? $"{group} {near}" : null;

    private static IEnumerable<string> Options(CommandLine line)
    {
        var own = line.Parse.CommandResult.Command.Options;
        return own.Concat(line.Globals.All).Where(o => !o.Hidden).Select(o => o.Name);
    }

    private static string? Suggest(string word, IEnumerable<string> known) => Nearest.To(word, known) is { } near ? $"did you mean {near}?" : null;

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    private static string Name(string option) => option.Split('=', 2)[0];

    private static string Own(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
