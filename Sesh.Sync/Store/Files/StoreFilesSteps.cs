namespace Sesh.Sync.Store.Files;

/// <summary>What the store builds of the single calls.</summary>
internal static class StoreFilesSteps
{
    /// <summary>Ends the name of a file that is to take another's place.</summary>
    public const string Beside = ".new";

    /// <summary>
    /// Puts content in a file's place, all or nothing: written beside, synced, renamed, folder synced. Two replacers of one path need a lock between them.
    /// </summary>
    public static void Replace(this IStoreFiles files, string path, ReadOnlySpan<byte> content)
    {
        var beside = path + Beside;
        using (var file = files.Create(beside))
        {
            try
            {
                WriteAll(file, content);
                file.Sync();
            }
            catch (StoreFileException)
            {
                files.Remove(beside);
                throw;
            }
        }

        files.Rename(beside, path);
        files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes it all, in as many calls as it takes.</summary>
    public static void WriteAll(this IStoreFile file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[file.Write(bytes)..];
    }

    /// <summary>
    /// Appends and syncs. Where that fails, cuts back what was written, so that the file is as it was; where even that fails, a torn tail stays, which the
    /// next append cuts.
    /// </summary>
    public static void AppendDurably(this IStoreFile file, ReadOnlySpan<byte> bytes)
    {
        var before = file.Facts().Size;
        try
        {
            file.WriteAll(bytes);
            file.Sync();
        }
        catch (StoreFileException)
        {
            try
            {
                file.Truncate(before);
                file.Sync();
            }
            catch (StoreFileException)
            {
                // The first failure is the one to tell; readers and the next append know a torn tail.
            }

            throw;
        }
    }
}
