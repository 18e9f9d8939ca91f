namespace Sesh.Commands;

/// <summary>Every verb by name. A switch, so that a command pays for its own verb alone.</summary>
internal static class Verbs
{
    /// <summary>Names in the groups and the order in which help lists them.</summary>
    public static IReadOnlyList<(string Title, string[] Names)> Groups =>
    [
        ("Looking", ["list", "find", "info", "state"]),
        ("Labels", ["rename"]),
        ("This program", ["init", "help"]),
    ];

    public static Verb? Find(string name) => name switch
    {
        "find" => new FindVerb(),
        "help" => new HelpVerb(),
        "info" => new InfoVerb(),
        "init" => new InitVerb(),
        "list" => new ListVerb(),
        "rename" => new RenameVerb(),
        "state" => new StateVerb(),
        _ => null,
    };

    public static IEnumerable<Verb> All() => Groups.SelectMany(g => g.Names).Select(n => Find(n)!);

    /// <summary>First words of verbs of two words.</summary>
    public static bool IsGroup(string word) => word is "op";
}
