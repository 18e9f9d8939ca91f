using System.Globalization;
using Sesh.Output;
using Sesh.Sessions.Mesh;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <param name="IsConnected">A link is open now.</param>
/// <param name="InForce">What it may here over that; null where none is open.</param>
internal sealed record PeerRow(Peer Peer, Contact Contact, bool IsConnected, GrantInForce? InForce);

/// <summary>Peers as they are shown.</summary>
internal static class PeerView
{
    public static IReadOnlyList<string> Fields =>
    [
        "name", "destination", "port", "identity", "transport", "hostKey", "allow", "relay", "remoteHome", "remoteSesh",
        "granted", "version", "lastContact", "lastTried", "lastError", "skewMs", "roundTripMs", "behind", "connected",
    ];

    public static IReadOnlyList<string> ListFields => [.. Fields, "mayHere", "mayHereBy"];

    /// <summary>The properties of one peer, within an object.</summary>
    public static void Write(JsonWriter json, Peer peer, Contact contact)
    {
        json.Property("name"u8, peer.Name.Text);
        json.Property("destination"u8, peer.Destination);
        Number(json, "port"u8, peer.Port);
        json.Property("identity"u8, peer.Identity);
        json.Property("transport"u8, peer.Destination is null ? null : peer.Transport.Word());
        json.Property("hostKey"u8, peer.HostKey);
        json.Property("allow"u8, peer.Allow.Word());
        json.Property("relay"u8, peer.Relay);
        json.Property("remoteHome"u8, peer.RemoteHome);
        json.Property("remoteSesh"u8, peer.RemoteSesh);
        json.Property("granted"u8, Known(contact.Granted));
        json.Property("version"u8, Known(contact.Version));
        json.TimeProperty("lastContact"u8, contact.LastContact);
        json.TimeProperty("lastTried"u8, contact.LastTried);
        json.Property("lastError"u8, Known(contact.LastError));
        json.Property("skewMs"u8, contact.SkewMs);
        Number(json, "roundTripMs"u8, contact.RoundTripMs > 0 ? contact.RoundTripMs : null);
        json.Property("behind"u8, contact.Behind);
    }

    public static void Write(JsonWriter json, ExchangeReport? exchange)
    {
        if (exchange is null)
        {
            json.Null();
            return;
        }

        json.StartObject();
        json.Property("sent"u8, exchange.Sent);
        json.Property("received"u8, exchange.Received);
        json.Property("bytesSent"u8, exchange.BytesSent);
        json.Property("bytesReceived"u8, exchange.BytesReceived);
        json.EndObject();
    }

    public static void List(Printer output, IReadOnlyList<PeerRow> peers, long now)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartArray();
                foreach (var (peer, contact, isConnected, inForce) in peers)
                {
                    json.StartObject();
                    Write(json, peer, contact);
                    json.Property("connected"u8, isConnected);
                    json.Property("mayHere"u8, inForce?.Grant.Word());
                    json.Property("mayHereBy"u8, inForce?.By);
                    json.EndObject();
                }

                json.EndArray();
            });
            return;
        }

        var table = new Table(
            new TableColumn("NAME"), new TableColumn("ADDRESS", 16), new TableColumn("TRANSPORT"), new TableColumn("MAY HERE"), new TableColumn("MAY THERE"),
            new TableColumn("CONTACT"), new TableColumn("BEHIND", AlignRight: true), new TableColumn("LAST ERROR", 20));
        foreach (var (peer, contact, isConnected, inForce) in peers)
        {
            var address = peer.Destination is null ? "dials in" : peer.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{peer.Destination}:{port}") : peer.Destination;
            var transport = peer.Destination is null ? "" : peer.Transport.Word();
            var allow = inForce?.Grant ?? peer.Allow;
            var may = allow.Word() + (peer.Relay ? ", relay" : "");
            var behind = contact.LastContact == 0 ? "" : contact.Behind.ToString(CultureInfo.InvariantCulture);
            if (output.IsTerminal)
            {
                var ago = isConnected ? new Cell("connected", Style.Green) : contact.LastContact == 0 ? new Cell("never", Style.Yellow) : new Cell(Age.Ago(now - contact.LastContact));
                table.Add(
                    new(peer.Name.Text, Style.Bold), address, transport, new(may, allow == Grant.Drive ? Style.Red : Style.Plain), contact.Granted, ago, behind, new(contact.LastError, Style.Red));
            }
            else
            {
                output.Tsv(peer.Name.Text, address, transport, may, contact.Granted, contact.LastContact == 0 ? "" : Timestamp.Of(contact.LastContact), behind, contact.LastError);
            }
        }

        output.Table(table);
    }

    private static string? Known(string text) => text.Length > 0 ? text : null;

    private static void Number(JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        json.Name(name);
        if (number is { } value)
            json.Value(value);
        else
            json.Null();
    }
}
