using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Folders that only a home which receives needs.</summary>
internal static class ReceivedFolders
{
    /// <summary>Makes one, durably, in a folder that is there.</summary>
    public static void Make(IStoreFiles files, string folder)
    {
        if (files.Stat(folder) is not null)
            return;
        files.MakeFolder(folder);
        files.SyncFolder(Path.GetDirectoryName(folder)!);
    }
}
