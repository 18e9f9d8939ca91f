using System.IO.Enumeration;

namespace Sesh.Agents;

/// <summary>Listing transcripts: one pass over a folder gives names, sizes and times, and opens nothing. A folder that is missing or closed to us is an empty one.</summary>
internal static class TranscriptFolder
{
    /// <summary>The id in a file's name; null where the file is no transcript.</summary>
    public delegate string? IdReader(ReadOnlySpan<char> fileName);

    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = true, AttributesToSkip = 0, MatchType = MatchType.Simple };

    /// <param name="levels">Folders to go down below <paramref name="folder"/>: 0 for its own files only.</param>
    public static IEnumerable<TranscriptFile> Files(string agent, string folder, int levels, IdReader idOf)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0, RecurseSubdirectories = levels > 0, MaxRecursionDepth = levels };
        return Named(folder, options, idOf).Select(found => File(agent, found.Path, found.Id)).OfType<TranscriptFile>();
    }

    private static FileSystemEnumerable<(string Path, string Id)> Named(string folder, EnumerationOptions options, IdReader idOf) =>
        new(folder, (ref FileSystemEntry entry) => (entry.ToFullPath(), idOf(entry.FileName)!), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && idOf(entry.FileName) is not null,
        };

    /// <summary>Null where there is no such file.</summary>
    public static TranscriptFile? File(string agent, string path, string id) =>
        FileStamp.Of(path) is { } stamp ? new TranscriptFile(agent, path, id, stamp.Size, stamp.ModifiedMilliseconds) { Stamp = stamp } : null;

    public static IEnumerable<string> Subfolders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "*", Options) : [];
}
