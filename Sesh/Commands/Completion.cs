using System.CommandLine;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>What may stand for a begun word of a command line.</summary>
internal sealed class Completion(Context context)
{
    private const int OperationsOffered = 50;

    /// <param name="words">Up to the cursor, without the program's name; the last one is begun, or empty.</param>
    public IEnumerable<(string Value, string What)> Of(IReadOnlyList<string> words)
    {
        var begun = words.Count > 0 ? words[^1] : "";
        IReadOnlyList<string> before = [.. words.SkipLast(1)];
        var at = CommandLine.VerbAt(before);
        var verb = at is { } i ? VerbAt(before, i) : null;
        if (at is not null && verb is null)
            return Verbs.IsGroup(before[at.Value]) && before.Count == at + 1 ? Members(before[at.Value], begun) : [];

        var command = verb?.Build();
        IReadOnlyList<Option> options = [.. command?.Options ?? [], .. new Globals().All];
        if (begun.StartsWith("--", StringComparison.Ordinal) && begun.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            return Valued(options, begun[..equals], begun[(equals + 1)..], verb).Select(c => (begun[..(equals + 1)] + c.Item1, c.Item2));
        if (before is [.., var previous] && previous.StartsWith('-') && !before.Contains("--") && TakesValue(options, previous))
            return Valued(options, previous, begun, verb);
        if (begun.StartsWith('-') && !before.Contains("--"))
            return Begins(begun, options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Append(o.Name).Select(n => (n, o.Description ?? ""))));
        if (verb is null)
            return Begins(begun, FirstWords());
        var standing = Standing(before, at!.Value + verb.Name.Split(' ').Length, options);
        return Candidates(verb.Complete(standing.Count), begun, verb, standing);
    }

    private static Verb? VerbAt(IReadOnlyList<string> words, int at) =>
        !Verbs.IsGroup(words[at]) ? Verbs.Find(words[at]) : at + 1 < words.Count ? Verbs.Find($"{words[at]} {words[at + 1]}") : null;

    private static IEnumerable<(string, string)> FirstWords() => Verbs.All().Where(v => v.IsTyped)
        .Select(v => v.Name.Split(' ') is [var group, _] ? (group, Grouped(group)) : (v.Name, v.Summary)).Distinct();

    private static string Grouped(string group) =>
        string.Join("; ", Verbs.All().Where(v => v.IsTyped && v.Name.StartsWith(group + " ", StringComparison.Ordinal)).Select(v => $"{v.Name[(group.Length + 1)..]}: {v.Summary}"));

    private static IEnumerable<(string, string)> Members(string group, string begun) =>
        Begins(begun, Verbs.All().Where(v => v.Name.StartsWith(group + " ", StringComparison.Ordinal)).Select(v => (v.Name[(group.Length + 1)..], v.Summary)));

    /// <summary>The words between the verb and the cursor that are neither options nor their values.</summary>
    private static List<string> Standing(IReadOnlyList<string> before, int from, IReadOnlyList<Option> options)
    {
        var standing = new List<string>();
        for (var i = from; i < before.Count; i++)
        {
            if (before[i].Length > 1 && before[i][0] == '-')
                i += TakesValue(options, before[i]) ? 1 : 0;
            else
                standing.Add(before[i]);
        }

        return standing;
    }

    private static bool TakesValue(IReadOnlyList<Option> options, string name) =>
        options.Any(o => (o.Name == name || o.Aliases.Contains(name)) && o.ValueType != typeof(bool));

    private IEnumerable<(string, string)> Valued(IReadOnlyList<Option> options, string name, string begun, Verb? verb) => name switch
    {
        "--select" => Candidates(Completes.Session, begun, verb),
        "--agent" => Candidates(Completes.Agent, begun, verb),
        "--tag" => Candidates(Completes.Tag, begun, verb),
        "--machine" => Candidates(Completes.Machine, begun, verb),
        "--peer" when verb is ServeVerb => Candidates(Completes.OtherMachine, begun, verb),
        "--name" when verb is PeerAuthorizeVerb => Candidates(Completes.OtherMachine, begun, verb),
        "--columns" => Candidates(Completes.Column, begun, verb),
        "--fields" => Candidates(Completes.Field, begun, verb),
        "--color" => Begins(begun, [("auto", ""), ("always", ""), ("never", "")]),
        _ => Begins(begun, Choices(options, name)),
    };

    /// <summary>An option of few values tells them itself.</summary>
    private static IEnumerable<(string, string)> Choices(IReadOnlyList<Option> options, string name) =>
        options.FirstOrDefault(o => o.Name == name) is ChoiceOption choice ? choice.Choices.Select(c => (c, "")) : [];

    /// <param name="standing">The verb's words before the cursor.</param>
    private IEnumerable<(string, string)> Candidates(Completes what, string begun, Verb? verb, IReadOnlyList<string>? standing = null) => what switch
    {
        Completes.Session => Begins(begun, Sessions(r => !r.Archived)),
        Completes.ArchivedSession => Begins(begun, Sessions(r => r.Archived)),
        Completes.Tag => Begins(begun, context.Snapshot.Tags().Select(t => (t.Tag, ""))),
        Completes.OwnTag => Begins(begun, TagsOf(standing![0]).Except(standing).Select(t => (t, ""))),
        Completes.OwnTagToChange => Begins(begun, TagsOf(standing![0]).Select(t => (t + "=", ""))),
        Completes.Operation => Begins(begun, context.Store.Log(OperationsOffered).Where(o => o.Ours).Select(o => (o.Id.ToString(), o.Operation.Verb))),
        Completes.Machine => Begins(begun, context.MachinesOfSessions().Order(StringComparer.Ordinal).Select(m => (m, ""))),
        Completes.OtherMachine => Begins(
            begun, context.MachinesOfSessions().Concat(context.Peers.Select(p => p.Name.Text)).Where(m => m != context.Machine?.Text).Distinct().Order(StringComparer.Ordinal).Select(m => (m, ""))),
        Completes.Peer => Begins(begun, context.Peers.Select(p => (p.Name.Text, p.Destination ?? "dials in"))),
        Completes.Agent => Begins(begun, Ask.Agents.Select(a => (a, ""))),
        Completes.Verb => Begins(begun, FirstWords().Concat(Topics.Names.Select(t => (t, "")))),
        Completes.Shell => Begins(begun, CompletionScript.Shells.Select(s => (s, ""))),
        Completes.Column => Listed(begun, SessionField.Columns),
        Completes.Hook => Begins(begun, Hooks()),
        Completes.Field => Listed(begun, [.. verb?.JsonFields ?? [], "help"]),
        _ => [],
    };

    /// <summary>Those of config.toml by name, and the events that any of them is for.</summary>
    private IEnumerable<(string, string)> Hooks()
    {
        var hooks = context.Configuration.Hooks;
        return hooks.Select(h => (h.Name, $"{h.Event}: {h.Command.ReplaceLineEndings(" ")}")).Concat(hooks.Select(h => h.Event).Distinct().Select(e => (e, "every hook for it")));
    }

    private IEnumerable<string> TagsOf(string session) =>
        context.Snapshot.Match(session).Where(r => !r.Deleted).SelectMany(r => r.Tags).Distinct();

    private IEnumerable<(string, string)> Sessions(Func<SessionRecord, bool> takes) => context.Snapshot.Records()
        .Where(r => !r.Deleted && !Sesh.Sessions.KnownSessions.IsVoid(r) && takes(r))
        .OrderByDescending(r => r.UpdatedAt)
        .Select(r => (r.Uuid.ToString(), $"{(r.Name.Length > 0 ? r.Name : "(no name)")} ({r.Agent}, {r.Machine})"));

    /// <summary>For a list with commas the part behind the last one.</summary>
    private static IEnumerable<(string, string)> Listed(string begun, IReadOnlyList<string> names)
    {
        var comma = begun.LastIndexOf(',') + 1;
        return Begins(begun[comma..], names.Except(begun[..comma].Split(',')).Select(n => (n, ""))).Select(c => (begun[..comma] + c.Item1, c.Item2));
    }

    private static IEnumerable<(string, string)> Begins(string begun, IEnumerable<(string Value, string What)> candidates) =>
        candidates.Where(c => c.Value.StartsWith(begun, StringComparison.OrdinalIgnoreCase));
}
