using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Daemon;

/// <summary>The watched files of a home as stat tells of them at one moment: one number a kind.</summary>
internal readonly record struct StoreStamps(long Documents, long Live, long Settings, long Links, long Private, long Grants)
{
    public static StoreStamps Of(string home) => new(
        Folder(home, "own", StoreChanges.Documents) ^ (Folder(home, "docs", StoreChanges.Documents) * 31) ^ (Folder(home, "heads", StoreChanges.Documents) * 961),
        Folder(home, "live", StoreChanges.Live),
        File(Path.Join(home, "config.toml")) ^ (File(Path.Join(home, "peers.json")) * 31),
        Folder(home, "links", StoreChanges.Links),
        Folder(home, "own", StoreChanges.Private),
        Folder(home, "grants", StoreChanges.Grants));

    /// <summary>What a file in a folder of the home is to those who watch it.</summary>
    public static StoreChanges Meaning(ReadOnlySpan<char> folder, ReadOnlySpan<char> name) => folder switch
    {
        "own" when name.EndsWith(StorePaths.Extension, StringComparison.Ordinal) => name.StartsWith(StorePaths.PrivatePrefix, StringComparison.Ordinal) ? StoreChanges.Private : StoreChanges.Documents,
        "docs" when name.EndsWith(StorePaths.Extension, StringComparison.Ordinal) => StoreChanges.Documents,
        // A received document counts, and may be passed on, when its head is there.
        "heads" when !name.EndsWith(StoreFilesSteps.Beside, StringComparison.Ordinal) => StoreChanges.Documents,
        "live" when name.EndsWith(".live", StringComparison.Ordinal) => StoreChanges.Live,
        "links" when name.EndsWith(".sock", StringComparison.Ordinal) => StoreChanges.Links,
        "grants" => StoreChanges.Grants,
        // A draft is about to be renamed.
        "reports" when !name.EndsWith(".new", StringComparison.Ordinal) => StoreChanges.Reports,
        _ => StoreChanges.None,
    };

    public StoreChanges Since(StoreStamps before) =>
        (Documents == before.Documents ? 0 : StoreChanges.Documents)
        | (Live == before.Live ? 0 : StoreChanges.Live)
        | (Settings == before.Settings ? 0 : StoreChanges.Settings)
        | (Links == before.Links ? 0 : StoreChanges.Links)
        | (Private == before.Private ? 0 : StoreChanges.Private)
        | (Grants == before.Grants ? 0 : StoreChanges.Grants);

    // Whatever the order in which the folder lists them.
    private static long Folder(string home, string folder, StoreChanges kind)
    {
        try
        {
            var path = Path.Join(home, folder);
            long sum = 0;
            foreach (var name in PosixFiles.Instance.List(path))
            {
                if (Meaning(folder, name) == kind)
                    sum += HashCode.Combine(name, File(Path.Join(path, name)));
            }

            return sum;
        }
        catch (StoreFileException)
        {
            // Not ours to read: nothing that comes to be there is seen.
            return 0;
        }
    }

    private static long File(string path)
    {
        try
        {
            return PosixFiles.Instance.Stat(path) is { } facts ? HashCode.Combine(facts.Inode, facts.Size, facts.ModifiedAt) : 0;
        }
        catch (StoreFileException)
        {
            return 0;
        }
    }
}
