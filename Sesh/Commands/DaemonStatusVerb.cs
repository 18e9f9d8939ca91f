using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Daemon;

namespace Sesh.Commands;

internal sealed class DaemonStatusVerb : Verb
{
    public override string Name => "daemon status";

    public override string Summary => "show whether the daemon runs, and its links";

    public override string Description =>
        "Exit status 1 where no daemon runs. A link is connected, dialling, in back-off (it is tried again by itself), or parked: the peer has dialled this machine, and that link is used.";

    public override IReadOnlyList<Example> Examples => [new("sesh daemon status", "how it stands"), new("sesh daemon status --machine desk", "the one of desk")];

    public override MachineMeaning Machine => MachineMeaning.RunsThere;

    public override IReadOnlyList<string> JsonFields => ["machine", "process", "startedAt", "uptimeMs", "sessions", "peers", "schemaVersion", "protocol", "version"];

    public override int Run(Context context)
    {
        var status = AskAsync(context).GetAwaiter().GetResult();
        if (context.Out.Json)
            context.Out.WriteJson(json => Json(json, status));
        else
            Show(context, status);
        return 0;
    }

    private static async Task<DaemonStatus> AskAsync(Context context)
    {
        var control = new DaemonControl(context.Home, context.DaemonSocket, context.Time);
        return await control.AskAsync(context.OpenDaemonAsync, daemon => daemon.StatusAsync(context.Cancel), context.Cancel).ConfigureAwait(false)
            ?? throw new SeshException("daemon-stopped", "no daemon runs", "\"sesh daemon start\" starts it");
    }

    private static void Show(Context context, DaemonStatus status)
    {
        var output = context.Out;
        output.Line($"machine  {status.Machine}");
        output.Line(string.Create(CultureInfo.InvariantCulture, $"process  {status.Process}, up {Age.Of(status.UptimeMs)}"));
        output.Line(string.Create(CultureInfo.InvariantCulture, $"sessions {status.Sessions}"));
        output.Line(string.Create(CultureInfo.InvariantCulture, $"version  {status.Version}, protocol {status.Protocol}, schema {status.SchemaVersion}"));
        if (status.Peers.Count == 0)
            return;
        output.Line("");
        var table = new Table(new("PEER", 12), new("LINK"), new("SINCE"), new("RTT", AlignRight: true), new("VERSION"), new("LAST ERROR", 20));
        foreach (var peer in status.Peers)
        {
            table.Add(
                new(peer.Peer.Text, Style.Cyan),
                new(peer.StateText, peer.State is LinkState.Connected or LinkState.Parked ? Style.Green : Style.Yellow),
                Age.Of(Math.Max(0, context.Now - peer.Since)),
                peer.RoundTripMs is { } trip ? string.Create(CultureInfo.InvariantCulture, $"{trip} ms") : "",
                peer.Version,
                peer.LastError);
        }

        output.Table(table);
    }

    private static void Json(JsonWriter json, DaemonStatus status)
    {
        json.StartObject();
        json.Property("machine"u8, status.Machine.Text);
        json.Property("process"u8, status.Process);
        json.TimeProperty("startedAt"u8, status.StartedAt);
        json.Property("uptimeMs"u8, status.UptimeMs);
        json.Property("sessions"u8, status.Sessions);
        json.Name("peers"u8);
        json.StartArray();
        foreach (var peer in status.Peers)
        {
            json.StartObject();
            json.Property("peer"u8, peer.Peer.Text);
            json.Property("state"u8, peer.StateText);
            json.TimeProperty("since"u8, peer.Since);
            json.TimeProperty("lastContact"u8, peer.LastContact);
            json.Property("lastError"u8, peer.LastError.Length > 0 ? peer.LastError : null);
            json.Name("rttMs"u8);
            if (peer.RoundTripMs is { } trip)
                json.Value(trip);
            else
                json.Null();
            json.Property("version"u8, peer.Version.Length > 0 ? peer.Version : null);
            json.EndObject();
        }

        json.EndArray();
        json.Property("schemaVersion"u8, status.SchemaVersion);
        json.Property("protocol"u8, status.Protocol);
        json.Property("version"u8, status.Version);
        json.EndObject();
    }
}
