using System.Text.Json;
using Sesh.Sync;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Doctor;

/// <summary>What another process's <c>doctor</c> finds, asked over a link: a peer's, or the daemon's, which lives in another environment than this shell.</summary>
internal static class AskedFindings
{
    private const int MostBytes = 1 << 20;
    private const int MostFindings = 200;

    /// <param name="words">The verb's options.</param>
    /// <exception cref="SeshException">It refuses, or answers otherwise than a doctor of this kind would.</exception>
    public static async Task<IReadOnlyList<Finding>> OverAsync(Link link, IReadOnlyList<string> words, CancellationToken cancel)
    {
        using var answer = new BoundedStream(MostBytes);
        await link.AskAsync(new Request { Verb = "doctor", Arguments = [.. words, "--json"] }, new RequestStreams(Stream.Null, answer, Stream.Null), cancel).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(answer.GetBuffer().AsMemory(0, (int)answer.Length));
            return [.. json.RootElement.EnumerateArray().Take(MostFindings).Select(Read)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SeshException("doctor-version", $"sesh {link.Peer.Version} there tells its findings otherwise than this one", "upgrade the older of the two", inner: e);
        }
    }

    private static Finding Read(JsonElement json) => new(
        json.GetProperty("health").GetString() switch
        {
            "ok" => Health.Ok,
            "warn" => Health.Warn,
            _ => Health.Fail,
        },
        json.GetProperty("subject").GetString() ?? "",
        json.GetProperty("message").GetString() ?? "",
        json.TryGetProperty("remedy", out var remedy) ? remedy.GetString() : null);

    /// <summary>Takes no more than a doctor can have to say.</summary>
    private sealed class BoundedStream(int most) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length <= most ? base.WriteAsync(buffer, cancellationToken) : throw new IOException("too much was answered");
    }
}
