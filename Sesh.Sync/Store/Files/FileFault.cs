namespace Sesh.Sync.Store.Files;

internal enum FileFault : byte
{
    Other,
    Missing,
    Exists,
    Denied,
    ReadOnly,
    NoSpace,
    NotAFolder,
}

/// <summary>A failed file system call.</summary>
internal sealed class StoreFileException(FileFault fault, string path, string reason) : IOException($"{path}: {reason}")
{
    public FileFault Fault { get; } = fault;

    public string Path { get; } = path;

    /// <summary>The system's words.</summary>
    public string Reason { get; } = reason;
}
