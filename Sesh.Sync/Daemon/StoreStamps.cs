using Sesh.Sync.Store;

namespace Sesh.Sync.Daemon;

/// <summary>The watched files of a home as stat tells of them at one moment: one number a kind.</summary>
internal readonly record struct StoreStamps(long Documents, long Live, long Settings)
{
    public static StoreStamps Of(string home) => new(
        Folder(home, "own") ^ (Folder(home, "docs") * 31),
        Folder(home, "live"),
        File(new FileInfo(Path.Join(home, "config.toml"))) ^ (File(new FileInfo(Path.Join(home, "peers.json"))) * 31));

    /// <summary>What a file in a folder of the home is to those who watch it.</summary>
    public static StoreChanges Meaning(ReadOnlySpan<char> folder, ReadOnlySpan<char> name) => folder switch
    {
        // Private documents concern nobody else.
        "own" when name.EndsWith(StorePaths.Extension, StringComparison.Ordinal) && !name.StartsWith(StorePaths.PrivatePrefix, StringComparison.Ordinal) => StoreChanges.Documents,
        "docs" when name.EndsWith(StorePaths.Extension, StringComparison.Ordinal) => StoreChanges.Documents,
        "live" when name.EndsWith(".live", StringComparison.Ordinal) => StoreChanges.Live,
        _ => StoreChanges.None,
    };

    public StoreChanges Since(StoreStamps before) =>
        (Documents == before.Documents ? 0 : StoreChanges.Documents)
        | (Live == before.Live ? 0 : StoreChanges.Live)
        | (Settings == before.Settings ? 0 : StoreChanges.Settings);

    // Whatever the order in which the folder lists them.
    private static long Folder(string home, string folder)
    {
        try
        {
            long sum = 0;
            foreach (var file in new DirectoryInfo(Path.Join(home, folder)).EnumerateFiles())
            {
                if (Meaning(folder, file.Name) != StoreChanges.None)
                    sum += File(file);
            }

            return sum;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or gone while it was listed: then the next look differs.
            return 0;
        }
    }

    private static long File(FileInfo file)
    {
        try
        {
            return file.Exists ? HashCode.Combine(file.Name, file.Length, file.LastWriteTimeUtc.Ticks) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
