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

    All = Documents | Live | Settings,
}
