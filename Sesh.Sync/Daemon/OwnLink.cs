using System.Text.Json;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Daemon;

/// <summary>A link that its machine dialled, as the process here that serves it knows it: what a hello of our own would tell, where there is none. See <see cref="LinkOffer"/>.</summary>
/// <param name="Machine">Who dialled.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Protocol">The one that is spoken.</param>
/// <param name="Granted">What it lets this machine ask over this link.</param>
/// <param name="Allow">What it may ask here over this link.</param>
/// <param name="IsAuthorized">A line of authorized_keys says so; false where it is what its login may do anyway.</param>
/// <param name="SkewMs">How far its clock was ahead of ours when the link was opened, in milliseconds.</param>
/// <param name="RoundTrip">As measured just now; null where that was not asked for, or nothing came back in time.</param>
public sealed record OwnLink(MachineName Machine, string Version, int Protocol, Grant Granted, Grant Allow, bool IsAuthorized, long SkewMs, TimeSpan? RoundTrip)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("machine", Machine.Text);
        json.WriteString("version", Version);
        json.WriteNumber("protocol", Protocol);
        json.WriteNumber("granted", (int)Granted);
        json.WriteNumber("allow", (int)Allow);
        json.WriteBoolean("authorized", IsAuthorized);
        json.WriteNumber("skew", SkewMs);
        if (RoundTrip is { } trip)
            json.WriteNumber("rtt", trip.TotalMilliseconds);
        json.WriteEndObject();
    }

    internal static OwnLink Read(JsonElement json) => new(
        MachineName.Parse(json.GetProperty("machine").GetString()!),
        json.GetProperty("version").GetString()!,
        json.GetProperty("protocol").GetInt32(),
        (Grant)json.GetProperty("granted").GetInt32(),
        (Grant)json.GetProperty("allow").GetInt32(),
        json.GetProperty("authorized").GetBoolean(),
        json.GetProperty("skew").GetInt64(),
        json.TryGetProperty("rtt", out var trip) ? TimeSpan.FromMilliseconds(trip.GetDouble()) : null);
}
