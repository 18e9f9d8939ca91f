using System.Collections.Immutable;
using System.CommandLine.Parsing;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>
/// What other machines may ask of this one: verbs, the grant that each needs, and the options that each may come with. All else is refused: global options that name files or run
/// programs here, and options that this table does not know of, above all.
/// </summary>
internal static class RequestTable
{
    /// <summary>Of every verb: how the answer looks, nothing else.</summary>
    private static IReadOnlyList<string> Everywhere => ["--json", "--fields", "--quiet", "--verbose"];

    /// <summary>The request that is no verb: <c>resume</c>, on a terminal that the asker looks at.</summary>
    public const string Terminal = "terminal";

    /// <summary>Null for a verb that nobody may ask for from elsewhere.</summary>
    private static Rule? Of(string verb) => verb switch
    {
        "state" or "walk" => new(Grant.Sync, []),
        "doctor" => new(Grant.Sync, ["--programs"]),
        "daemon status" => new(Grant.Sync, []),
        "tail" => new(Grant.Read, ["-n", "--follow", "--raw", "--marked", "--from"]),
        "transcript" => new(Grant.Read, ["--format", "--raw"]),
        "pane-capture" => new(Grant.Read, ["-n"]),
        "search" => new(Grant.Read, ["--agent", "--since", "--limit"]),
        "send" => new(Grant.Drive, ["--no-wait", "--timeout", "--force"]),
        "await" => new(Grant.Drive, ["--timeout", "--any", "--all"]),
        "abort" or "compact" => new(Grant.Drive, []),
        "autoname" => new(Grant.Drive, ["--all"]),
        "new" => new(Grant.Drive, ["--agent", "--name", "--tag", "--cwd", "--target", "--model", "--session-id", "--no-launch", "--dry-run", "--msg", "--no-wait", "--headless"]),
        "delegate" => new(Grant.Drive, ["--agent", "--keep", "--name", "--model", "--cwd", "--timeout"]),
        "resume" => new(Grant.Drive, ["--target", "--fork", "--cwd", "--force"]),
        "copy" or "move" => new(Grant.Drive, ["--to", "--cwd"]),
        "keep" => new(Grant.Drive, ["--off"]),
        _ => null,
    };

    /// <summary>Judges it as the command line that will be run, by the parser that will read it there: what that takes for an option is one, whatever it looks like.</summary>
    public static PermittedRequest Permit(Request request, Grant allow, string asker, string here)
    {
        var isTerminal = request.Verb == Terminal;
        var name = isTerminal ? "resume" : request.Verb;
        ImmutableArray<string> words = [name, .. request.Arguments];
        var line = CommandLine.Read(words);
        if (line.Verb is not { } verb || !verb.Name.StartsWith(name, StringComparison.Ordinal))
            throw new SeshException("unknown-verb", $"this sesh ({Product.Number}) has no verb {request.Verb}", "upgrade the older of the two");
        if (Of(verb.Name) is not { } rule)
            throw new SeshException("not-allowed", $"{verb.Name} is nothing that another machine may ask for");
        if (allow < rule.Grant)
            throw new SeshException("not-allowed", $"{asker} may {Word(allow)} on {here}, and {verb.Name} needs {Word(rule.Grant)}", $"on {here}: sesh peer add {asker} --allow {Word(rule.Grant)}; or \"sesh peer authorize\" with that grant, for the key by which {asker} dials it");
        foreach (var option in Options(line))
        {
            if (!rule.Options.Contains(option) && !Everywhere.Contains(option))
                throw new SeshException("not-allowed", $"{verb.Name} takes no {option} from another machine");
        }

        if (isTerminal != request.Terminal is not null)
            throw new SeshException("not-allowed", isTerminal ? "a terminal without a size" : $"{verb.Name} gets no terminal");
        return new PermittedRequest(words, rule.Grant < Grant.Drive, request.Terminal);
    }

    /// <summary>See <see cref="PermittedRequest"/>.</summary>
    public static bool IsRepeatable(string verb) => Of(verb) is { Grant: < Grant.Drive };

    public static string Word(Grant grant) => grant switch
    {
        Grant.Sync => "sync",
        Grant.Read => "read",
        Grant.Drive => "drive",
        _ => "none",
    };

    private static IEnumerable<string> Options(CommandLine line)
    {
        for (SymbolResult? result = line.Parse.CommandResult; result is not null; result = result.Parent)
        {
            if (result is not CommandResult command)
                continue;
            foreach (var option in command.Children.OfType<OptionResult>())
            {
                if (!option.Implicit)
                    yield return option.Option.Name;
            }
        }
    }

    private sealed record Rule(Grant Grant, IReadOnlyList<string> Options);
}
