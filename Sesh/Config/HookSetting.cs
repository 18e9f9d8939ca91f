namespace Sesh.Config;

/// <summary>One <c>[[hooks]]</c>: a command for an event. Filters are null where they are not set.</summary>
internal sealed record HookSetting(string Name, string Event, string Command)
{
    /// <summary>What happens to sessions.</summary>
    public static readonly IReadOnlyList<string> Events =
        ["busy_changed", "blocked", "live_changed", "created", "archived", "unarchived", "renamed", "tags_changed", "deleted"];

    private static readonly string[] s_turns = ["idle", "busy", "blocked"];
    private static readonly string[] s_flags = ["true", "false"];

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Agent { get; init; }

    public string? Machine { get; init; }

    public string? Tag { get; init; }

    /// <summary>What <c>from</c> and <c>to</c> of an event may be; empty for anything.</summary>
    public static IReadOnlyList<string> ValuesOf(string @event) => @event switch
    {
        "busy_changed" or "blocked" => s_turns,
        "live_changed" => s_flags,
        _ => [],
    };
}
