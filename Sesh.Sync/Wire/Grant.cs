namespace Sesh.Sync.Wire;

/// <summary>What somebody at the other end of a link may have done here. Each holds the ones before it.</summary>
public enum Grant : byte
{
    /// <summary>Nothing at all: the link is refused.</summary>
    None,

    /// <summary>Documents and live rows are merged, states are told.</summary>
    Sync,

    /// <summary>Also transcripts, captures, search.</summary>
    Read,

    /// <summary>Also everything that acts. Agents do what they are told: this is running code as this user.</summary>
    Drive,
}
