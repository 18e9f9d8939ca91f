namespace Sesh.Config;

/// <summary>Every key of <c>config.toml</c>.</summary>
internal static class ConfigKeys
{
    public static ConfigKey Root() => new(
        "", ConfigKind.Table,
        new ConfigKey("machine", ConfigKind.MachineName),
        new ConfigKey("models", ConfigKind.Table, Text("default"), Text("claude"), Text("codex"), Text("pi")),
        new ConfigKey("agents", ConfigKind.Table, Binary("claude"), Binary("codex"), Binary("pi")),
        new ConfigKey(
            "tui", ConfigKind.Table,
            Flag("mouse"), Flag("cycle"), Flag("preview"),
            new ConfigKey("colors", ConfigKind.Table),
            new ConfigKey("filters", ConfigKind.Tables, Text("name"), Text("predicate")),
            new ConfigKey("columns", ConfigKind.Tables, Text("name"), Text("field"), Text("when"), Text("glyph"), Text("before"), Text("after")),
            new ConfigKey("cwd_rules", ConfigKind.Tables, Text("match"), Text("label"))),
        new ConfigKey(
            "hooks", ConfigKind.Tables,
            Text("name"), Text("event"), Text("from"), Text("to"), Text("agent"), Text("machine"), Text("tag"), Text("command")),
        new ConfigKey("sync", ConfigKind.Table, Flag("metered")),
        new ConfigKey("privacy", ConfigKind.Table, new ConfigKey("paths", ConfigKind.Texts)),
        new ConfigKey("keep", ConfigKind.Table, new ConfigKey("tags", ConfigKind.Texts)),
        new ConfigKey("autoname", ConfigKind.Table, Text("command")));

    private static ConfigKey Text(string name) => new(name, ConfigKind.Text);

    private static ConfigKey Flag(string name) => new(name, ConfigKind.Boolean);

    private static ConfigKey Binary(string name) => new(name, ConfigKind.AbsolutePath);
}
