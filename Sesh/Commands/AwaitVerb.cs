using System.CommandLine;
using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class AwaitVerb : Verb
{
    private const int BlockedExit = 6;

    private readonly Argument<string[]> _uuids = Ask.Words("uuid", "uuids, or their first letters");

    private readonly Option<TimeSpan?> _timeout = Ask.Duration("--timeout", "give up after this long");

    private readonly Option<bool> _any = Ask.Flag("--any", "until one of them has nothing more to do");

    private readonly Option<bool> _all = Ask.Flag("--all", "until all of them have (the default)");

    public override string Name => "await";

    public override string Usage => "<uuid>…";

    public override string Summary => "wait until sessions are idle and print their status";

    public override string Description =>
        """
        One that is idle returns at once, unless a message is on its way to it; one that waits for a permission or an answer counts as an answer of its own, with exit status 6. While it cannot be told whose turn it is, it is waited for.

        Sessions of other machines are waited for there, all at once. Where one cannot be reached it fails at once; with --any, only when no other is left to wait for.

        Prints the status; of several sessions a line each, uuid and status, in the order given.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("sesh await 3f2a --timeout 10m", "the turn that runs"),
        new("sesh await --any 3f2a 8b7b", "whoever is done first"),
        new("sesh send 3f2a --no-wait \"go on\" && sesh await 3f2a", "a message and its turn, in two steps"),
    ];

    public override IReadOnlyList<string> JsonFields => ["uuid", "turnStatus", "pendingQuestion", "settled"];

    public override Completes Complete(int position) => Completes.Session;

    protected override void Define(Command command)
    {
        command.Add(_uuids);
        foreach (var option in (Option[])[_timeout, _any, _all])
            command.Add(option);
    }

    public override int Run(Context context)
    {
        var any = context.Get(_any);
        if (any && context.Get(_all))
            throw new UsageException("--any or --all, not both");
        var selectors = context.Get(_uuids)!;
        foreach (var selector in selectors)
            Selection.CheckNotEmpty(selector);
        var records = context.Select(context.Snapshot).Several(selectors);
        using var limit = new TimeLimit(context.Get(_timeout), context.Cancel);
        if (records.Any(r => !context.IsOwn(r)))
        {
            var everywhere = new AwaitingEverywhere(context, records, any);
            return Run(context, () => everywhere.Run(limit.Token), () => everywhere.Found, limit, any);
        }

        var awaiting = context.Awaiting;
        return Run(context, () => awaiting.Run([.. records.Select(r => r.Uuid)], any, context.Out.Note, limit.Token), () => awaiting.Found, limit, any);
    }

    private static int Run(Context context, Action wait, Func<IReadOnlyList<Awaited>> found, TimeLimit limit, bool any)
    {
        try
        {
            wait();
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            if (!context.Out.Json)
                Print(context.Out, found(), any: false);
            throw new SeshException("timeout", "not done in time", "the turns go on; see \"sesh list --status busy\"", TimeLimit.ExitCode);
        }

        Print(context.Out, found(), any);
        return found().Any(f => f is { IsSettled: true, Status: TurnStatus.Blocked }) ? BlockedExit : 0;
    }

    private static void Print(Printer output, IReadOnlyList<Awaited> found, bool any)
    {
        var shown = any ? [.. found.Where(f => f.IsSettled)] : found;
        if (output.Json)
        {
            output.WriteJson(json => Write(json, found.Count == 1, shown));
            return;
        }

        foreach (var one in shown)
        {
            var word = SessionView.Word(one.Status);
            if (found.Count == 1)
                output.Line(word);
            else
                output.Tsv(one.Session.ToString(), word);
            if (one.Status == TurnStatus.Blocked && one.Question.Length > 0)
                output.Note($"{one.Session} waits for: {one.Question}");
        }
    }

    private static void Write(JsonWriter json, bool alone, IReadOnlyList<Awaited> found)
    {
        if (!alone)
            json.StartArray();
        foreach (var one in found)
        {
            json.StartObject();
            json.Property("uuid"u8, one.Session);
            json.Property("turnStatus"u8, SessionView.Word(one.Status));
            json.Property("pendingQuestion"u8, one.Question.Length > 0 ? one.Question : null);
            json.Property("settled"u8, one.IsSettled);
            json.EndObject();
        }

        if (!alone)
            json.EndArray();
    }
}
