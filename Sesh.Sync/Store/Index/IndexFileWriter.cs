namespace Sesh.Sync.Store.Index;

/// <summary>
/// Writes an index beside the old one and puts it in its place. Nothing is synced: what a crash leaves of it fails its checksums and is built anew.
/// </summary>
internal sealed class IndexFileWriter : IDisposable
{
    private const int Buffer = 1 << 16;
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerEnters = OwnerReads | UnixFileMode.UserExecute;

    private readonly string _path;
    private readonly string _beside;
    private readonly FileStream _file;
    private bool _isInPlace;

    /// <exception cref="IOException"/>
    /// <exception cref="UnauthorizedAccessException"/>
    public IndexFileWriter(string path)
    {
        _path = path;
        _beside = $"{path}.{Environment.ProcessId}.new";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerEnters);
        _file = new FileStream(_beside, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = Buffer,
            UnixCreateMode = OwnerReads,
        });
        _file.Write(new byte[IndexFile.PrefixSize]);
        Length = IndexFile.PrefixSize;
    }

    public long Length { get; private set; }

    /// <summary>Returns where the bytes came to lie.</summary>
    public long Write(ReadOnlySpan<byte> bytes)
    {
        var at = Length;
        _file.Write(bytes);
        Length += bytes.Length;
        return at;
    }

    public void Finish(ReadOnlySpan<byte> head)
    {
        Span<byte> prefix = stackalloc byte[IndexFile.PrefixSize];
        IndexFile.WritePrefix(prefix, Write(head), head);
        _file.Position = 0;
        _file.Write(prefix);
        _file.Dispose();
        File.Move(_beside, _path, overwrite: true);
        _isInPlace = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isInPlace)
            File.Delete(_beside);
    }
}
