namespace Sesh.Sync.Transports;

/// <summary>What this machine remembers of its dealings with a peer; by our clock. Kept in <c>cache/peers/</c>, so it may be lost at any time.</summary>
public sealed record Contact
{
    /// <summary>When an exchange last succeeded, in milliseconds since 1970 UTC; 0 for never.</summary>
    public long LastContact { get; init; }

    /// <summary>When a connection was last tried, in milliseconds since 1970 UTC; 0 for never.</summary>
    public long LastTried { get; init; }

    /// <summary>The message of the last try, where it failed; empty where it did not.</summary>
    public string LastError { get; init; } = "";

    /// <summary>The code of that failure; empty where there was none, or an older version wrote this.</summary>
    public string LastErrorCode { get; init; } = "";

    /// <summary>Of its sesh, as it last said.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its clock less ours at the last contact, in milliseconds, to within the round trip.</summary>
    public long SkewMs { get; init; }

    /// <summary>Round trip of the last contact in milliseconds; 0 where unknown.</summary>
    public int RoundTripMs { get; init; }

    /// <summary>What the entry there allows us, as it last said: <c>sync</c>, <c>read</c>, <c>drive</c>; empty where unknown.</summary>
    public string Granted { get; init; } = "";

    /// <summary>Parcels that we hold and it had not taken after the last contact.</summary>
    public int Behind { get; init; }
}
