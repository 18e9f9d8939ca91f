namespace Sesh.Sync.Store.Files;

/// <summary>What stat(2) tells of a file.</summary>
/// <param name="ModifiedAt">Nanoseconds since 1970 UTC.</param>
/// <param name="Mode">Permission bits alone.</param>
internal readonly record struct FileFacts(long Device, long Inode, long Size, long ModifiedAt, FileKind Kind, uint Mode, uint Owner);

internal enum FileKind : byte
{
    Other,
    File,
    Folder,
}
