using System.Runtime.InteropServices;
using System.Text;

namespace Sesh.Sync.Store.Live;

/// <summary>Names this boot of the machine: no process outlives it.</summary>
internal static partial class Boot
{
    private const int TextLength = 36;

    /// <summary>Zero where the system does not tell.</summary>
    public static UInt128 Id()
    {
        Span<byte> text = stackalloc byte[TextLength + 1];
        var length = OperatingSystem.IsMacOS() ? FromSysctl(text) : FromProc(text);
        return length >= TextLength && Guid.TryParse(Encoding.ASCII.GetString(text[..TextLength]), out var id) ? Documents.SessionId.FromGuid(id).Bits : 0;
    }

    private static int FromProc(Span<byte> text)
    {
        try
        {
            using var file = File.OpenHandle("/proc/sys/kernel/random/boot_id");
            return RandomAccess.Read(file, text, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc here: observations are then never told to be of an earlier boot.
            return 0;
        }
    }

    private static unsafe int FromSysctl(Span<byte> text)
    {
        nuint length = (nuint)text.Length;
        fixed (byte* start = text)
            return SysctlByName("kern.bootsessionuuid", start, ref length, null, 0) == 0 ? (int)length : 0;
    }

    [LibraryImport("libc", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int SysctlByName(string name, void* old, ref nuint oldLength, void* value, nuint length);
}
