namespace Sesh.Sync.Store.Files;

/// <summary>
/// The few calls the store makes of a file system, each one atomic step of a crash: nothing is durable before <see cref="IStoreFile.Sync"/>, and no name
/// before <see cref="SyncFolder"/>. All throw <see cref="StoreFileException"/>. Files are made 0600, folders 0700.
/// </summary>
internal interface IStoreFiles
{
    /// <summary>Follows links; null where nothing is.</summary>
    FileFacts? Stat(string path);

    /// <summary>Names of what lies in a folder, in no order; none where the folder is missing.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>From an offset to the end; empty behind it.</summary>
    byte[] Read(string path, long from = 0);

    /// <summary>Opens for appending: every write lands at the end, whoever else writes. Made where missing.</summary>
    IStoreFile Append(string path);

    /// <summary>Opens for writing from the start, emptied where it was there.</summary>
    IStoreFile Create(string path);

    /// <summary>Waits for an exclusive lock that ends with its holder. Made where missing; never rename the file.</summary>
    IDisposable Lock(string path);

    /// <summary>The same without waiting; null where somebody holds it. Throws where the file is missing or not for this user to write.</summary>
    IDisposable? TryLock(string path);

    void Rename(string from, string to);

    /// <summary>Nothing happens where nothing is.</summary>
    void Remove(string path);

    void SyncFolder(string path);

    /// <summary>Makes one folder; nothing happens where it is there.</summary>
    void MakeFolder(string path);

    void SetMode(string path, uint mode);
}

/// <summary>A file open for writing.</summary>
internal interface IStoreFile : IDisposable
{
    FileFacts Facts();

    /// <summary>One write(2): may write less, and says how much.</summary>
    int Write(ReadOnlySpan<byte> bytes);

    void Truncate(long length);

    /// <summary>Returns when what was written will outlive a power cut.</summary>
    void Sync();
}
