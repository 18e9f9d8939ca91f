using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store;

/// <summary>What a failed call of the file system means to the user.</summary>
internal static class StoreFaults
{
    public static SeshException Writing(StoreFileException e) => e.Fault switch
    {
        FileFault.NoSpace => new("disk-full", $"no space left to write {e.Path}; nothing was changed", "free some space, then repeat the command", inner: e),
        FileFault.ReadOnly or FileFault.Denied => new(
            "home-unwritable", $"cannot write {e.Path}: {Words(e)}; nothing was changed", "make it writable for you, or set SESH_HOME to another folder", inner: e),
        FileFault.NotAFolder => new("home-not-a-folder", $"{e.Path} lies under something that is not a folder", "set SESH_HOME to a folder", inner: e),
        _ => new("io-error", $"cannot write {e.Path}: {Words(e)}", "look at the disk, then run \"sesh doctor\"", inner: e),
    };

    public static SeshException Reading(StoreFileException e) => e.Fault switch
    {
        FileFault.Denied => new("home-unreadable", $"cannot read {e.Path}: {Words(e)}", "make it readable for you", inner: e),
        FileFault.NotAFolder => new("home-not-a-folder", $"{e.Path} lies under something that is not a folder", "set SESH_HOME to a folder", inner: e),
        _ => new("io-error", $"cannot read {e.Path}: {Words(e)}", "look at the disk, then run \"sesh doctor\"", inner: e),
    };

    private static string Words(StoreFileException e) => e.Reason.Length == 0 ? "it failed" : char.ToLowerInvariant(e.Reason[0]) + e.Reason[1..];
}
