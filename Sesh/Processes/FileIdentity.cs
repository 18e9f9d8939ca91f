namespace Sesh.Processes;

/// <summary>Which file a path names: device and inode, and whose it is. By statx, whose answer is laid out alike on every Linux.</summary>
internal readonly record struct FileIdentity(uint Major, uint Minor, long Inode, uint Owner)
{
    private const int CurrentFolder = -100;
    private const uint WantInodeAndOwner = 0x108;

    /// <summary>Null where there is no such file. Linux only.</summary>
    public static unsafe FileIdentity? Of(string path)
    {
        Span<byte> answer = stackalloc byte[256];
        fixed (byte* at = answer)
        {
            if (Libc.Statx(CurrentFolder, path, 0, WantInodeAndOwner, at) != 0)
                return null;
        }

        // struct statx: stx_uid at 20, stx_ino at 32, stx_dev_major at 136, stx_dev_minor at 140, in host order.
        return new FileIdentity(BitConverter.ToUInt32(answer[136..]), BitConverter.ToUInt32(answer[140..]), BitConverter.ToInt64(answer[32..]), BitConverter.ToUInt32(answer[20..]));
    }
}
