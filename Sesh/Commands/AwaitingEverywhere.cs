using Sesh.Sessions;
using Sesh.Sessions.Driving;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary>Waits for sessions of several machines, each machine for its own, all at once.</summary>
/// <param name="any">One of them is enough.</param>
internal sealed class AwaitingEverywhere(Context context, IReadOnlyList<SessionRecord> records, bool any)
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SessionId, Awaited> _found = records.DistinctBy(r => r.Uuid).ToDictionary(r => r.Uuid, r => LastKnown(context, r));

    /// <summary>In the order asked for. What was not waited for to its end is as last heard of.</summary>
    public IReadOnlyList<Awaited> Found => [.. records.Select(r => _found[r.Uuid])];

    /// <exception cref="SeshException">One of them cannot be waited for; with <c>any</c>, none of them can.</exception>
    public void Run(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Made here and not by one of several threads.
        _ = context.Routing;
        var awaiting = records.Any(context.IsOwn) ? context.Awaiting : null;
        List<Task<Part>> waits = [.. records.GroupBy(r => r.Machine).Select(g => Begin(awaiting, [.. g], stop.Token))];
        try
        {
            while (waits.Count > 0)
            {
                var one = waits[Task.WaitAny([.. waits], cancel)];
                // Cancelled, they end too, and it must not look like a failure of theirs.
                cancel.ThrowIfCancellationRequested();
                waits.Remove(one);
                var part = one.GetAwaiter().GetResult();
                Take(part, isLast: waits.Count == 0);
                if (any && part.Found.Any(f => f.IsSettled))
                    return;
            }
        }
        finally
        {
            // The others, and what they have started elsewhere, end by it.
            stop.Cancel();
            foreach (var part in Task.WhenAll(waits).GetAwaiter().GetResult())
                Keep(part);
        }
    }

    private void Take(Part part, bool isLast)
    {
        Keep(part);
        if (part.Failure is not { } failure)
            return;
        if (!any || isLast)
            throw failure;
        context.Out.Warning(failure.Message, failure.Hint);
    }

    private void Keep(Part part)
    {
        foreach (var found in part.Found)
            _found[found.Session] = found;
    }

    private Task<Part> Begin(Awaiting? awaiting, IReadOnlyList<SessionRecord> here, CancellationToken stop)
    {
        if (context.IsOwn(here[0]))
            return Task.Run(() => Own(awaiting!, [.. here.Select(r => r.Uuid)], stop), CancellationToken.None);
        var owner = Owner.Of(context, here[0], wait: false);
        return Task.Run(() => TheirsAsync(owner, here, stop), CancellationToken.None);
    }

    private Part Own(Awaiting awaiting, IReadOnlyList<SessionId> sessions, CancellationToken stop)
    {
        try
        {
            awaiting.Run(sessions, any, context.Out.Note, stop);
            return new Part(awaiting.Found, null);
        }
        catch (SeshException e)
        {
            return new Part(awaiting.Found, e);
        }
        catch (OperationCanceledException)
        {
            return new Part(awaiting.Found, null);
        }
    }

    /// <summary>What is lost on the way is asked again: waiting changes nothing.</summary>
    private async Task<Part> TheirsAsync(Owner owner, IReadOnlyList<SessionRecord> theirs, CancellationToken stop)
    {
        List<string> words = [.. theirs.Select(r => r.Uuid.ToString()), .. any ? (string[])["--any"] : []];
        while (true)
        {
            var answer = await Elsewhere.AskAsync(owner, MachineName.Parse(theirs[0].Machine), "await", words, Stream.Null, stop).ConfigureAwait(false);
            List<Awaited> found = [];
            var failure = answer.Read(root => found.AddRange(root.ValueKind == System.Text.Json.JsonValueKind.Array ? root.EnumerateArray().Select(Read) : [Read(root)]));
            if (failure?.Code is "link-lost" or "silent" && !stop.IsCancellationRequested)
            {
                await Task.Delay(s_again, context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            return new Part([.. found.Where(f => theirs.Any(r => r.Uuid == f.Session))], failure);
        }
    }

    private static Awaited Read(System.Text.Json.JsonElement one) => new(
        SessionId.Parse(one.GetProperty("uuid"u8).GetString()!), SessionView.StatusOf(one.GetProperty("turnStatus"u8).GetString()!), one.GetProperty("pendingQuestion"u8).GetString() ?? "",
        one.GetProperty("settled"u8).GetBoolean());

    /// <summary>Idle as last heard of says nothing of now.</summary>
    private static Awaited LastKnown(Context context, SessionRecord record) =>
        new(record.Uuid, context.Live.Find(record.Uuid, record.Machine)?.Row.TurnStatus is TurnStatus.Busy ? TurnStatus.Busy : TurnStatus.Unknown, "", false);

    private sealed record Part(IReadOnlyList<Awaited> Found, SeshException? Failure);
}
