using System.CommandLine;

namespace Sesh.Commands;

/// <summary>A parsed command line: the verb, if one was named, and its words.</summary>
internal sealed class CommandLine
{
    // Response files, directives and /h are conveniences that would make a message or a name mean something else.
    private static ParserConfiguration Configuration => new() { ResponseFileTokenReplacer = null };

    private CommandLine(Verb? verb, Globals globals, ParseResult parse, IReadOnlyList<string> words)
    {
        Verb = verb;
        Globals = globals;
        Parse = parse;
        Words = words;
    }

    public Verb? Verb { get; }

    public Globals Globals { get; }

    public ParseResult Parse { get; }

    /// <summary>As given.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Finds the verb first and builds it alone: building all of them costs more than running one.</summary>
    public static CommandLine Read(IReadOnlyList<string> words)
    {
        var globals = new Globals();
        var root = new Command("sesh");
        foreach (var option in globals.All)
            root.Add(option);
        var verb = FindVerb(words, out var group, out var isAlone);
        if (verb is not null)
        {
            var command = isAlone ? verb.Build(group) : verb.Build();
            if (group is null || isAlone)
                root.Add(command);
            else
                root.Add(new Command(group) { command });
        }

        return new CommandLine(verb, globals, root.Parse(words, Configuration), words);
    }

    /// <summary>The first word that is neither an option nor the value of one; null where there is none.</summary>
    public static int? VerbAt(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "--")
                return null;
            if (words[i].Length == 0 || words[i][0] != '-')
                return i;
            if (Globals.TakesNext(words[i]))
                i++;
        }

        return null;
    }

    private static Verb? FindVerb(IReadOnlyList<string> words, out string? group, out bool isAlone)
    {
        group = null;
        isAlone = false;
        if (VerbAt(words) is not { } at)
            return null;
        var word = words[at];
        if (!Verbs.IsGroup(word))
            return Verbs.Find(word);
        isAlone = Verbs.Alone(word) is not null && (at + 1 >= words.Count || words[at + 1].StartsWith('-'));
        var name = isAlone ? Verbs.Alone(word)! : at + 1 < words.Count ? $"{word} {words[at + 1]}" : word;
        if (Verbs.Find(name) is not { } verb)
            return null;
        group = word;
        return verb;
    }
}
