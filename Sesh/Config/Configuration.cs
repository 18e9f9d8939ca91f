namespace Sesh.Config;

/// <summary>What <c>config.toml</c> says. The sections of the screen are checked, and read by those who use them.</summary>
internal sealed record Configuration
{
    public static Configuration Empty { get; } = new();

    public string? Machine { get; init; }

    /// <summary><c>[models]</c>: by agent, and <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary><c>[agents]</c>: the binary of each agent named.</summary>
    public IReadOnlyDictionary<string, string> Agents { get; init; } = new Dictionary<string, string>();

    /// <summary><c>[privacy] paths</c>, as written.</summary>
    public IReadOnlyList<string> PrivatePaths { get; init; } = [];

    /// <summary><c>[keep] tags</c>.</summary>
    public IReadOnlyList<string> KeptTags { get; init; } = [];

    /// <summary><c>[sync] metered</c>: bytes cost money here.</summary>
    public bool Metered { get; init; }

    /// <summary><c>[[hooks]]</c>, in the file's order.</summary>
    public IReadOnlyList<HookSetting> Hooks { get; init; } = [];

    /// <summary><c>[autoname] command</c>: a line for the user's shell; null where pi is asked.</summary>
    public string? AutonameCommand { get; init; }

    /// <summary>The model to ask an agent for, where the configuration names one.</summary>
    public string? ModelOf(string agent) => Models.GetValueOrDefault(agent) ?? Models.GetValueOrDefault("default");
}
