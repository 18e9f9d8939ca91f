using Microsoft.Win32.SafeHandles;
using Sesh.Processes;

namespace Sesh.Agents;

/// <summary>What tells one content of a file from another without reading it.</summary>
/// <param name="Modified">Nanoseconds since 1970 UTC.</param>
/// <param name="Inode">Another file put in its place, even of the same size and time, has another one; 0 where the system has no numbers to give.</param>
internal readonly record struct FileStamp(long Size, long Modified, long Inode)
{
    private const int CurrentFolder = -100;
    private const int OfDescriptor = 0x1000;
    private const uint TypeSizeTimeInode = 0x1 | 0x40 | 0x100 | 0x200;

    public long ModifiedMilliseconds => Modified / 1_000_000;

    /// <summary>Null where there is no regular file: opening a pipe of that name would wait for ever.</summary>
    public static FileStamp? Of(string path) => OperatingSystem.IsLinux() ? Ask(CurrentFolder, path, 0) : OfInfo(new FileInfo(path));

    /// <summary>Of the file that is open, whatever its path names by now.</summary>
    public static FileStamp? Of(SafeFileHandle file, string path) =>
        OperatingSystem.IsLinux() ? Ask((int)file.DangerousGetHandle(), "", OfDescriptor) : OfInfo(new FileInfo(path));

    private static FileStamp? OfInfo(FileInfo file) => file.Exists ? new FileStamp(file.Length, (file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100, file.CreationTimeUtc.Ticks) : null;

    private static unsafe FileStamp? Ask(int folder, string path, int flags)
    {
        Span<byte> answer = stackalloc byte[256];
        fixed (byte* at = answer)
        {
            if (Libc.Statx(folder, path, flags, TypeSizeTimeInode, at) != 0)
            {
                return null;
            }
        }

        // struct statx: stx_mode at 28, stx_ino at 32, stx_size at 40, stx_mtime at 112 (seconds, then nanoseconds), in host order on every architecture.
        var regular = (BitConverter.ToUInt16(answer[28..]) & 0xF000) == 0x8000;
        var modified = (Math.Clamp(BitConverter.ToInt64(answer[112..]), 0, 9_000_000_000) * 1_000_000_000) + BitConverter.ToUInt32(answer[120..]);
        return regular ? new FileStamp(BitConverter.ToInt64(answer[40..]), modified, BitConverter.ToInt64(answer[32..])) : null;
    }
}
