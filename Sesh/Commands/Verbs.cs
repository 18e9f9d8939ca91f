namespace Sesh.Commands;

/// <summary>Every verb by name. A switch, so that a command pays for its own verb alone.</summary>
internal static class Verbs
{
    /// <summary>Names in the groups and the order in which help lists them.</summary>
    public static IReadOnlyList<(string Title, string[] Names)> Groups =>
    [
        ("Looking", ["list", "find", "info", "state", "tags"]),
        ("Labels, for any machine's session", ["rename", "tag", "untag", "retag", "archive", "unarchive", "meta", "delete"]),
        ("This program", ["init", "completion", "help"]),
    ];

    public static Verb? Find(string name) => name switch
    {
        "__complete" => new CompleteVerb(),
        "archive" => new ArchiveVerb(archive: true),
        "completion" => new CompletionVerb(),
        "delete" => new DeleteVerb(),
        "find" => new FindVerb(),
        "help" => new HelpVerb(),
        "info" => new InfoVerb(),
        "init" => new InitVerb(),
        "list" => new ListVerb(),
        "meta" => new MetaVerb(),
        "rename" => new RenameVerb(),
        "retag" => new RetagVerb(),
        "state" => new StateVerb(),
        "tag" => new TagVerb(add: true),
        "tags" => new TagsVerb(),
        "unarchive" => new ArchiveVerb(archive: false),
        "untag" => new TagVerb(add: false),
        _ => null,
    };

    public static IEnumerable<Verb> All() => Groups.SelectMany(g => g.Names).Select(n => Find(n)!);

    /// <summary>First words of verbs of two words.</summary>
    public static bool IsGroup(string word) => word is "op";
}
