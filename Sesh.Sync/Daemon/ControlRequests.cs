using System.Text.Json;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>What commands of this machine ask of its daemon: how it is, an exchange now; all else goes on to who serves requests.</summary>
internal sealed class ControlRequests(Func<DaemonStatus> status, Func<IReadOnlyList<MachineName>, CancellationToken, Task<IReadOnlyList<SyncOutcome>>> sync, IRequestHandler? others) : IRequestHandler
{
    public const string Status = "daemon-status";
    public const string Sync = "sync";

    /// <summary>Of whoever serves a peer's own link alone.</summary>
    public const string OwnLink = "own-link";

    /// <summary>Argument of <see cref="OwnLink"/>: with a round trip over it.</summary>
    public const string Measured = "measured";

    public async Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel)
    {
        if (request.Target is null && request.Verb == Status)
            return await AnswerAsync(streams, status().Write, cancel).ConfigureAwait(false);
        if (request.Target is null && request.Verb == Sync)
        {
            var outcomes = await sync([.. request.Arguments.Select(Name)], cancel).ConfigureAwait(false);
            return await AnswerAsync(outcomes, streams, cancel).ConfigureAwait(false);
        }

        return others is null
            ? throw new SeshException("unknown-verb", $"this daemon does not serve {request.Verb}")
            : await others.HandleAsync(request, origin, streams, cancel).ConfigureAwait(false);
    }

    /// <summary>What exchanges did, as <see cref="DaemonClient"/> reads it.</summary>
    public static Task<int> AnswerAsync(IReadOnlyList<SyncOutcome> outcomes, RequestStreams streams, CancellationToken cancel) => AnswerAsync(
        streams,
        json =>
        {
            json.WriteStartArray();
            foreach (var outcome in outcomes)
                outcome.Write(json);
            json.WriteEndArray();
        },
        cancel);

    public static Task<int> AnswerAsync(OwnLink link, RequestStreams streams, CancellationToken cancel) => AnswerAsync(streams, link.Write, cancel);

    private static MachineName Name(string text) =>
        MachineName.TryParse(text, out var name) ? name : throw new SeshException("usage", $"not a machine name: {text}", $"a name is {MachineName.Rule}", exitCode: 2);

    private static async Task<int> AnswerAsync(RequestStreams streams, Action<Utf8JsonWriter> write, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        await streams.Output.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancel).ConfigureAwait(false);
        await streams.Output.FlushAsync(cancel).ConfigureAwait(false);
        return 0;
    }
}
