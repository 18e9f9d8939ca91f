using System.CommandLine;
using Sesh.Output;
using Sesh.Sync;

namespace Sesh.Commands;

/// <summary>Options that every verb takes, before its name or after.</summary>
internal sealed class Globals
{
    public Option<bool> Json { get; } = new("--json") { Description = "print JSON", Recursive = true };

    public Option<string> Fields { get; } = Valued("--fields", "a,b", "print these properties of each record alone (implies --json); \"help\" lists them");

    public Option<string> Jq { get; } = Valued("--jq", "expr", "print what jq makes of the JSON (implies --json)");

    public Option<string> Machine { get; } = Valued("--machine", "name", "");

    public Option<string> Socket { get; } = Valued("--socket", "path", "the daemon's control socket (default: daemon.sock in the home)");

    public Option<string> Home { get; } = Valued("--home", "dir", "where sesh keeps its files (default: $SESH_HOME, else ~/.sesh)");

    public Option<string> Color { get; } = Valued("--color", "when", "auto, always or never");

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "no notes and warnings", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "say more; where something failed inside, say where", Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Description = "print the version", Recursive = true };

    public Option<bool> Help { get; } = new("--help", "-h") { Description = "show this help", Recursive = true };

    public IReadOnlyList<Option> All => [Json, Fields, Jq, Machine, Socket, Home, Color, Quiet, Verbose, Version, Help];

    /// <summary>Does this word take the next one as its value?</summary>
    public static bool TakesNext(string word) => word is "--fields" or "--jq" or "--machine" or "--socket" or "--home" or "--color";

    /// <summary>For what is asked before the command line is found right: null too where the option has no value or several.</summary>
    public static string? ValueOf(ParseResult parse, Option<string> option) => parse.GetResult(option) is { Tokens.Count: 1 } ? parse.GetValue(option) : null;

    public ColorChoice ColorOf(ParseResult parse) => ValueOf(parse, Color) switch
    {
        null or "auto" => ColorChoice.Auto,
        "always" => ColorChoice.Always,
        "never" => ColorChoice.Never,
        var other => throw new SeshException("usage", $"--color is auto, always or never, not {other}", exitCode: 2),
    };

    private static Option<string> Valued(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, Recursive = true };
}
