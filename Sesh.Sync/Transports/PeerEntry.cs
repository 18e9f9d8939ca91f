using System.Text.Json;
using System.Text.Json.Nodes;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>One peer as it stands in <c>peers.json</c>.</summary>
internal static class PeerEntry
{
    /// <summary>All that <see cref="Read"/> reads.</summary>
    public static IReadOnlyList<string> Keys => ["name", "destination", "port", "identity", "transport", "hostKey", "allow", "relay", "remoteHome", "remoteSesh"];

    /// <param name="fault">Makes the exception for a key and what is wrong there.</param>
    public static Peer Read(JsonObject entry, Func<string, string, SeshException> fault)
    {
        var values = new Values(entry, fault);
        var name = values.Text("name") ?? throw fault("name", "missing");
        var destination = values.Text("destination");
        if (destination is not null && !Destination.IsSafe(destination))
            throw fault("destination", Destination.Rule);
        var identity = values.Text("identity");
        if (identity is not null && !Path.IsPathRooted(identity))
            throw fault("identity", "must be an absolute path");
        var hostKey = values.Text("hostKey");
        if (hostKey is not null && !HostKey.IsFingerprint(hostKey))
            throw fault("hostKey", "must be SHA256: and 43 letters, as ssh-keygen -l prints it");
        return new Peer
        {
            Name = MachineName.TryParse(name, out var machine) ? machine : throw fault("name", $"a name is {MachineName.Rule}"),
            Destination = destination,
            Port = values.Port(),
            Identity = identity,
            Transport = values.Transport(),
            HostKey = hostKey,
            Allow = values.Allowed(),
            Relay = values.Flag("relay"),
            RemoteHome = values.RemotePath("remoteHome"),
            RemoteSesh = values.RemotePath("remoteSesh"),
        };
    }

    /// <summary>Sets what a peer has in an entry, and takes out what it has not; other keys stay.</summary>
    public static void Write(Peer peer, JsonObject entry)
    {
        Set("name", peer.Name.Text);
        Set("destination", peer.Destination);
        Set("port", peer.Port);
        Set("identity", peer.Identity);
        Set("transport", peer.Destination is null ? null : peer.Transport.Word());
        Set("hostKey", peer.HostKey);
        Set("allow", peer.Allow.Word());
        Set("relay", peer.Relay ? true : null);
        Set("remoteHome", peer.RemoteHome);
        Set("remoteSesh", peer.RemoteSesh);

        void Set(string key, JsonNode? value)
        {
            if (value is null)
                entry.Remove(key);
            else
                entry[key] = value;
        }
    }

    /// <summary>The values of one entry, each of the kind that its key asks for; null where the key is not there or holds null.</summary>
    private readonly struct Values(JsonObject entry, Func<string, string, SeshException> fault)
    {
        public string? Text(string key)
        {
            if (entry[key] is not { } node)
                return null;
            if (node.GetValueKind() != JsonValueKind.String || Decoded(node) is not { Length: > 0 } text)
                throw fault(key, "must be a text that is not empty");
            return text.Any(char.IsControl) ? throw fault(key, "must be without control characters") : text;
        }

        private static string? Decoded(JsonNode node)
        {
            try
            {
                return node.GetValue<string>();
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair: the parser lets it through and only this refuses.
                return null;
            }
        }

        public int? Port()
        {
            if (entry["port"] is not { } node)
                return null;
            return node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<int>(out var port) && port is >= 1 and <= 65535
                ? port : throw fault("port", "must be a number from 1 to 65535");
        }

        public bool Flag(string key) => entry[key]?.GetValueKind() switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw fault(key, "must be true or false"),
        };

        public TransportKind Transport() => Text("transport") switch
        {
            null or "sshnet" => TransportKind.SshNet,
            "openssh" => TransportKind.OpenSsh,
            _ => throw fault("transport", "must be sshnet or openssh"),
        };

        public Grant Allowed() => Text("allow") is not { } word ? Grant.Sync
            : Grants.TryParse(word, out var grant) ? grant : throw fault("allow", "must be sync, read or drive");

        public string? RemotePath(string key) =>
            Text(key) is not { } path ? null : RemoteCommand.IsSafePath(path) ? path : throw fault(key, RemoteCommand.PathRule);
    }
}
