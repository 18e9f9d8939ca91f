using System.Runtime.InteropServices;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store;

/// <summary>The home itself: whose it is, that nobody else reads it, its folders.</summary>
internal static partial class HomeFolder
{
    private const uint Mode = 0b111_000_000;
    private const uint OthersMask = 0b000_111_111;

    /// <summary>False where there is none yet: it reads as empty.</summary>
    /// <exception cref="SeshException">It is no folder, or somebody else's.</exception>
    public static bool Check(IStoreFiles files, string home)
    {
        if (files.Stat(home) is not { } facts)
            return false;
        if (facts.Kind != FileKind.Folder)
            throw new SeshException("home-not-a-folder", $"{home} is not a folder", "set SESH_HOME to a folder, or move that file away");
        if (facts.Owner != EffectiveUser())
            throw new SeshException("home-not-yours", $"{home} belongs to another user", "set SESH_HOME to a folder of your own");
        if ((facts.Mode & OthersMask) != 0)
            Close(files, home);
        return true;
    }

    /// <summary>Makes what is missing.</summary>
    public static void Prepare(IStoreFiles files, StorePaths paths)
    {
        if (!Check(files, paths.Home))
            Make(files, paths.Home);
        foreach (var folder in (ReadOnlySpan<string>)[paths.Own, paths.Docs])
        {
            if (files.Stat(folder) is not null)
                continue;
            files.MakeFolder(folder);
            files.SyncFolder(paths.Home);
        }
    }

    private static void Make(IStoreFiles files, string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null && files.Stat(parent) is null)
            Make(files, parent);
        files.MakeFolder(folder);
        if (parent is not null)
            files.SyncFolder(parent);
    }

    private static void Close(IStoreFiles files, string home)
    {
        try
        {
            files.SetMode(home, Mode);
        }
        catch (StoreFileException)
        {
            // A read-only home is read all the same; what it cannot be is written.
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();
}
