using System.Text.Json;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Daemon;

/// <summary>How it stands with the link to one peer.</summary>
public enum LinkState : byte
{
    /// <summary>A connection is being made.</summary>
    Dialling,

    Connected,

    /// <summary>It could not be reached, and is tried again later.</summary>
    BackOff,

    /// <summary>It dialled us, and its link is used.</summary>
    Parked,
}

/// <summary>The link to one peer at one moment.</summary>
/// <param name="Since">When this state began, in milliseconds since 1970 UTC.</param>
/// <param name="LastError">Of the last try that failed since the last contact; empty where there is none.</param>
/// <param name="RoundTripMs">As last measured; null where unknown.</param>
/// <param name="Version">Of its program, as it last said; empty where unknown.</param>
/// <param name="LastContact">When an exchange last succeeded, in milliseconds since 1970 UTC; 0 for not since the daemon started.</param>
public sealed record LinkStatus(MachineName Peer, LinkState State, long Since, string LastError, int? RoundTripMs, string Version, long LastContact)
{
    /// <summary>As in JSON and for people.</summary>
    public string StateText => State switch
    {
        LinkState.Dialling => "dialling",
        LinkState.Connected => "connected",
        LinkState.BackOff => "back-off",
        _ => "parked",
    };

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("peer", Peer.Text);
        json.WriteNumber("state", (int)State);
        json.WriteNumber("since", Since);
        json.WriteString("lastError", LastError);
        if (RoundTripMs is { } trip)
            json.WriteNumber("rtt", trip);
        json.WriteString("version", Version);
        json.WriteNumber("lastContact", LastContact);
        json.WriteEndObject();
    }

    internal static LinkStatus Read(JsonElement json) => new(
        MachineName.Parse(json.GetProperty("peer").GetString()!),
        (LinkState)json.GetProperty("state").GetInt32(),
        json.GetProperty("since").GetInt64(),
        json.GetProperty("lastError").GetString()!,
        json.TryGetProperty("rtt", out var trip) ? trip.GetInt32() : null,
        json.GetProperty("version").GetString()!,
        json.GetProperty("lastContact").GetInt64());
}
