using Sesh.Output;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>Another machine, for a verb that must run there: its own sesh runs it, and what that prints and how it ends is ours.</summary>
/// <param name="wait">Where it cannot be reached, wait until it can be.</param>
internal sealed class Owner(Context context, MachineName machine, bool wait)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>A session's.</summary>
    /// <exception cref="SeshException"><c>not-owner</c>: this is a request already, and is not asked on.</exception>
    public static Owner Of(Context context, SessionRecord record, bool wait)
    {
        if (context.RequestFrom is not null || !MachineName.TryParse(record.Machine, out var machine))
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}", $"run on {record.Machine}");
        return new Owner(context, machine, wait);
    }

    /// <summary>The verb's words in full: nothing of what was typed here goes along by itself.</summary>
    /// <param name="input">Standard input there; null for none.</param>
    /// <returns>The exit status there.</returns>
    public int Ask(string verb, IReadOnlyList<string> words, Stream? input = null)
    {
        var filter = context.Out.Settings.Filter;
        using var whole = new GatheredStream();
        var status = AskAsync(verb, words, filter is null ? Result() : whole, input).GetAwaiter().GetResult();
        if (filter is null)
            return status;
        var bytes = whole.GetBuffer().AsMemory(0, (int)whole.Length);
        context.Out.Filtered(status == 0 ? filter(bytes) : bytes.ToArray());
        return status;
    }

    /// <summary>Until the user has enough of it: what is lost on the way is asked again, from where it had come to.</summary>
    public int Follow(string verb, IReadOnlyList<string> words)
    {
        using var marks = new UnmarkingStream(Result());
        var pause = FirstPause;
        while (true)
        {
            var mark = marks.Mark;
            try
            {
                var status = AskAsync(verb, [.. words, "--marked", .. mark is null ? [] : (string[])["--from", mark]], marks).GetAwaiter().GetResult();
                marks.Finish();
                return status;
            }
            catch (SeshException e) when (e.Code is "link-lost" || (marks.Mark is not null && e.Code is "unreachable"))
            {
                marks.Drop();
                if (marks.Mark != mark)
                    pause = FirstPause;
                if (pause == FirstPause)
                    context.Out.Note($"{e.Message}; connecting again");
            }

            Pause(ref pause);
        }
    }

    /// <summary>As JSON, into a stream; for whoever makes one result of several machines' answers.</summary>
    public Task<int> GatherAsync(string verb, IReadOnlyList<string> words, Stream result, Stream notes, CancellationToken cancel)
    {
        var settings = context.Out.Settings;
        var request = new Request
        {
            Verb = verb,
            Arguments = [.. words, "--json", .. settings.Quiet ? (string[])["--quiet"] : []],
            Screen = new RequestScreen(0, false, settings.ColorNotes),
        };
        return context.Routing.AskAsync(machine, request, new RequestStreams(Stream.Null, result, notes), RequestTable.IsRepeatable(verb), insist: wait, cancel);
    }

    /// <summary>Its <c>resume</c> on this terminal, over a link.</summary>
    /// <returns>The exit status there.</returns>
    /// <exception cref="SeshException">As of <see cref="Routing.AskAsync"/>; the terminal is as it was.</exception>
    public int ResumeOnTerminal(SessionRecord record, IReadOnlyList<string> words)
    {
        using var terminal = context.Surroundings.Terminal() ?? throw new SeshException("no-terminal", "going to a session needs a terminal", "run this in a terminal");
        using var lent = new LentTerminal(terminal, context.Variable("TERM"));
        context.Out.Flush();
        var request = new Request { Verb = RequestTable.Terminal, Arguments = [record.Uuid.ToString(), .. words], Terminal = lent.Size };
        try
        {
            var status = context.Routing.AskAsync(machine, request, lent.Streams(Notes(context)), repeatable: false, insist: wait, context.Cancel).GetAwaiter().GetResult();
            lent.Ended();
            return status;
        }
        catch (SeshException e) when (e.Code == "link-lost")
        {
            throw new SeshException(e.Code, e.Message, $"what runs there goes on: come back with \"sesh resume {ShortIds.Beginning(record.Uuid)}\"", inner: e);
        }
    }

    private async Task<int> AskAsync(string verb, IReadOnlyList<string> words, Stream result, Stream? input = null)
    {
        context.Out.Flush();
        var settings = context.Out.Settings;
        var request = new Request
        {
            Verb = verb.Split(' ')[0],
            Arguments = [.. verb.Split(' ').Skip(1), .. words, .. Looks(settings)],
            Screen = new RequestScreen(settings.ResultIsTerminal ? Math.Clamp(settings.Width(), 1, 1000) : 0, settings.ColorResult, settings.ColorNotes),
        };
        var streams = new RequestStreams(input ?? Stream.Null, result, Notes(context));
        var pause = FirstPause;
        var isFirst = true;
        while (true)
        {
            try
            {
                return await context.Routing.AskAsync(machine, request, streams, RequestTable.IsRepeatable(verb), insist: wait, context.Cancel).ConfigureAwait(false);
            }
            catch (SeshException e) when (wait && e.Code == "unreachable")
            {
                if (isFirst)
                    context.Out.Note($"{e.Message}; waiting for it");
                isFirst = false;
                Pause(ref pause);
            }
            catch (SeshException e) when (e is { Code: "unreachable", Hint: { } hint } && context.CanWait && MayComeBack())
            {
                throw new SeshException(e.Code, e.Message, $"{hint}; --wait waits for it", e.ExitCode, e);
            }
        }
    }

    // Where nobody is a peer there is no way that could open.
    private bool MayComeBack() => context.Peers.Count > 0;

    private void Pause(ref TimeSpan pause)
    {
        context.Cancel.WaitHandle.WaitOne(pause);
        context.Cancel.ThrowIfCancellationRequested();
        pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    private static IEnumerable<string> Looks(PrinterSettings settings)
    {
        if (settings.Json)
            yield return "--json";
        if (settings.Fields is { } fields)
            yield return $"--fields={string.Join(',', fields)}";
        if (settings.Quiet)
            yield return "--quiet";
        if (settings.Verbose)
            yield return "--verbose";
    }

    private Stream Result() => context.Out.IsTerminal ? new TerminalGuard(context.Surroundings.Output) : context.Surroundings.Output;

    /// <summary>Where another machine's notes go.</summary>
    public static Stream Notes(Context context) => context.Surroundings.ErrorIsTerminal ? new TerminalGuard(context.Surroundings.Error) : context.Surroundings.Error;
}
