using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sesh.Sync.Store.Files;

/// <summary>stat by the one layout each system promises: statx(2) on Linux, the 64-bit-inode struct on macOS (there untested).</summary>
internal static partial class PosixStat
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const uint KindMask = 0xF000;
    private const uint RegularFile = 0x8000;
    private const uint Folder = 0x4000;

    /// <summary>Returns 0, or -1 with the last P/Invoke error set.</summary>
    public static int Of(string path, out FileFacts facts)
    {
        if (OperatingSystem.IsMacOS())
        {
            var result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? StatArm(path, out var mac) : StatIntel(path, out mac);
            facts = Facts(mac);
            return result;
        }

        var done = StatX(CurrentFolder, path, 0, BasicStats, out var stat);
        facts = Facts(stat);
        return done;
    }

    public static int Of(SafeFileHandle file, out FileFacts facts)
    {
        var descriptor = (int)file.DangerousGetHandle();
        if (OperatingSystem.IsMacOS())
        {
            var result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? FStatArm(descriptor, out var mac) : FStatIntel(descriptor, out mac);
            facts = Facts(mac);
            return result;
        }

        var done = StatX(descriptor, "", EmptyPath, BasicStats, out var stat);
        facts = Facts(stat);
        return done;
    }

    private static FileFacts Facts(in LinuxStat s) => new(
        ((long)s.DeviceMajor << 32) | s.DeviceMinor,
        (long)s.Inode,
        (long)s.Size,
        s.ModifiedSeconds * 1_000_000_000 + s.ModifiedNanoseconds,
        Kind(s.Mode),
        s.Mode & 0xFFFu,
        s.Owner);

    private static FileFacts Facts(in MacStat s) => new(
        s.Device, (long)s.Inode, s.Size, s.ModifiedSeconds * 1_000_000_000 + s.ModifiedNanoseconds, Kind(s.Mode), s.Mode & 0xFFFu, s.Owner);

    private static FileKind Kind(uint mode) => (mode & KindMask) switch
    {
        RegularFile => FileKind.File,
        Folder => FileKind.Folder,
        _ => FileKind.Other,
    };

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out LinuxStat stat);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatArm(string path, out MacStat stat);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatIntel(string path, out MacStat stat);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int FStatArm(int file, out MacStat stat);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int FStatIntel(int file, out MacStat stat);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct LinuxStat
    {
        [FieldOffset(20)] public uint Owner;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }

    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct MacStat
    {
        [FieldOffset(0)] public int Device;
        [FieldOffset(4)] public ushort Mode;
        [FieldOffset(8)] public ulong Inode;
        [FieldOffset(16)] public uint Owner;
        [FieldOffset(48)] public long ModifiedSeconds;
        [FieldOffset(56)] public long ModifiedNanoseconds;
        [FieldOffset(96)] public long Size;
    }
}
