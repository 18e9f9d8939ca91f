using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Sync.Transports;

/// <summary>How a peer is reached. There is no silent fall-back from one to another.</summary>
public enum TransportKind : byte
{
    /// <summary>SSH.NET, in this process.</summary>
    SshNet,

    /// <summary>The system's <c>ssh</c>: whatever the user's OpenSSH configuration can say.</summary>
    OpenSsh,
}

/// <summary>One machine that this one knows how to reach, or that may reach this one: an entry of <c>peers.json</c>.</summary>
public sealed record Peer
{
    public required MachineName Name { get; init; }

    /// <summary><c>[user@]host</c>, or a Host of the OpenSSH configuration; null for a machine that only dials in. Never begins with <c>-</c>.</summary>
    public string? Destination { get; init; }

    /// <summary>1 to 65535; null: what the OpenSSH configuration says, else 22.</summary>
    public int? Port { get; init; }

    /// <summary>Absolute path of a private key; null: what the OpenSSH configuration says.</summary>
    public string? Identity { get; init; }

    public TransportKind Transport { get; init; }

    /// <summary><c>SHA256:…</c> of the host key that the user has accepted; null: known_hosts alone decides.</summary>
    public string? HostKey { get; init; }

    /// <summary>What it may ask of us on a link that we dialled.</summary>
    public Grant Allow { get; init; } = Grant.Sync;

    /// <summary>Whether what it asks is passed on to a third machine.</summary>
    public bool Relay { get; init; }

    /// <summary><c>SESH_HOME</c> there; null: its own default.</summary>
    public string? RemoteHome { get; init; }

    /// <summary>The program there; null: <c>sesh</c> on its PATH, else <c>~/.local/bin/sesh</c>.</summary>
    public string? RemoteSesh { get; init; }
}
