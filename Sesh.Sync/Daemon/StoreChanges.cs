namespace Sesh.Sync.Daemon;

/// <summary>Which files of a home have changed.</summary>
[Flags]
public enum StoreChanges : byte
{
    None = 0,

    /// <summary>A shared document: of this installation, or received.</summary>
    Documents = 1,

    /// <summary>Live rows: of this machine, or received.</summary>
    Live = 2,

    /// <summary><c>config.toml</c> or <c>peers.json</c>.</summary>
    Settings = 4,

    /// <summary>A socket of a process that serves a peer's link.</summary>
    Links = 8,

    /// <summary>A document that concerns this machine alone.</summary>
    Private = 16,

    /// <summary>What agents' hooks told of a session here.</summary>
    Reports = 32,

    /// <summary>What was told of changed grants.</summary>
    Grants = 64,

    All = Documents | Live | Settings | Links | Private | Reports | Grants,
}
