using System.Text.Json;
using Sesh.Output;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>What another machine answered to a request for JSON.</summary>
/// <param name="Status">Its exit status; 1 where it could not be asked.</param>
/// <param name="Failure">Why it could not be asked, or was lost on the way.</param>
internal sealed record Answer(MachineName Machine, int Status, ReadOnlyMemory<byte> Output, SeshException? Failure)
{
    /// <summary>Hands the JSON to whoever knows what it should be.</summary>
    /// <returns>Why there is none: what kept it from being asked, the failure that it tells of, or that it is not what was asked for. Null where all is well.</returns>
    public SeshException? Read(Action<JsonElement> take)
    {
        if (Failure is not null)
            return Failure;
        try
        {
            using var json = JsonDocument.Parse(Output);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error"u8, out var error))
                return new SeshException(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!, error.GetProperty("hint").GetString(), Status == 0 ? 1 : Status);
            take(json.RootElement);
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return new SeshException("bad-answer", $"what {Machine} answered is not understood (exit status {Status})", "upgrade the older of the two", inner: e);
        }
    }
}

/// <summary>Several other machines, asked at once: one that is slow or away delays no other.</summary>
internal static class Elsewhere
{
    /// <summary>Never fails; ends early, with what there is, where it is cancelled. What they note goes to standard error as it comes.</summary>
    public static Task<Answer[]> Begin(Context context, IReadOnlyList<MachineName> machines, string verb, IReadOnlyList<string> words, CancellationToken cancel)
    {
        var notes = Stream.Synchronized(Owner.Notes(context));
        // Made here, once, and not by the first of several threads.
        _ = context.Routing;
        return Task.WhenAll(machines.Select(m => Task.Run(() => AskAsync(new Owner(context, m, wait: false), m, verb, words, notes, cancel))));
    }

    /// <summary>One of them.</summary>
    public static async Task<Answer> AskAsync(Owner owner, MachineName machine, string verb, IReadOnlyList<string> words, Stream notes, CancellationToken cancel)
    {
        using var whole = new GatheredStream();
        try
        {
            var status = await owner.GatherAsync(verb, words, whole, notes, cancel).ConfigureAwait(false);
            return new Answer(machine, status, whole.ToArray(), null);
        }
        catch (SeshException e)
        {
            return new Answer(machine, 1, default, e);
        }
        catch (IOException e)
        {
            return new Answer(machine, 1, default, new SeshException("bad-answer", e.Message, inner: e));
        }
        catch (OperationCanceledException e)
        {
            return new Answer(machine, 1, default, new SeshException("cancelled", $"{machine} was not waited for", inner: e));
        }
    }
}
