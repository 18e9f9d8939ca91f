using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>What one end of a link brings along.</summary>
public sealed record LinkOptions
{
    /// <summary>This machine, as it says of itself in hello.</summary>
    public required MachineName Machine { get; init; }

    /// <summary>Whom this home writes as; all zero before its first write.</summary>
    public ReplicaId Replica { get; init; }

    /// <summary>Of this program, for messages.</summary>
    public required string Version { get; init; }

    public required ISharing Sharing { get; init; }

    /// <summary>Serves what the other side asks; null where it may ask nothing but the exchange.</summary>
    public IRequestHandler? Requests { get; init; }

    /// <summary>What the other side may ask of this one.</summary>
    public Grant Allow { get; init; } = Grant.Sync;

    /// <summary>The name of the entry that was authenticated: a hello by another name is refused. Null: whatever it says is believed for this login.</summary>
    public MachineName? Expected { get; init; }

    /// <summary>
    /// What this side's messages call the other end, where it is a process of this machine and a user would look for the fault at the wrong place: the machine whose link it offers. Null: by its machine's name.
    /// </summary>
    public string? Called { get; init; }

    /// <summary>This side means to keep the link, as a daemon does: the other may lend it to whoever has something to ask. A command that asks something itself and goes does not.</summary>
    public bool Stays { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>After this much silence a ping is sent.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After this much silence the link is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the preamble may take; the hello behind it as long as any other silence.</summary>
    public TimeSpan HelloWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Called after something new was taken over this link: whoever holds other links calls <see cref="Link.Changed"/> on them. On any thread; must not wait.
    /// </summary>
    public Action? Received { get; init; }

    /// <summary>Told of each parcel refused, for the log. On any thread; must not wait.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>What is spoken; tests play other versions.</summary>
    internal ProtocolRange Protocols { get; init; } = new(1, 1);
}

/// <summary>What the other end says of itself; checked for form, not for truth.</summary>
/// <param name="Machine">Its name; the entry's where one was expected.</param>
/// <param name="Replica">Whom it writes as.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Protocol">The one both speak from here on.</param>
/// <param name="Allow">What it says it lets us ask.</param>
/// <param name="ClockMs">Its clock when it said hello, in milliseconds since 1970 UTC.</param>
public sealed record PeerHello(MachineName Machine, ReplicaId Replica, string Version, int Protocol, Grant Allow, long ClockMs)
{
    /// <summary>It means to keep the link: see <see cref="LinkOptions.Stays"/>.</summary>
    public bool Stays { get; init; }

    /// <summary>Our clock when its hello was read, in milliseconds since 1970 UTC.</summary>
    public long HeardMs { get; init; }

    /// <summary>How far its clock is ahead of ours in milliseconds, to within the time that a hello takes.</summary>
    public long SkewMs => ClockMs - HeardMs;
}

/// <summary>What one exchange did.</summary>
/// <param name="Sent">Parcels the other side took.</param>
/// <param name="Received">Parcels taken here.</param>
/// <param name="BytesSent">Of all frames of the link so far, heads included.</param>
/// <param name="BytesReceived">The same the other way.</param>
/// <param name="Refused">Why parcels were refused, on either side.</param>
public sealed record ExchangeReport(int Sent, int Received, long BytesSent, long BytesReceived, IReadOnlyList<string> Refused);
