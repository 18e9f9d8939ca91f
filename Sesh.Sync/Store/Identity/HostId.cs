using System.Runtime.InteropServices;
using System.Text;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Identity;

/// <summary>
/// Which host this is, hashed, so that a copied table does not carry the system's own id. Two kernels must never give the same; the same one may
/// give several, at the price of a replica each.
/// </summary>
internal static partial class HostId
{
    public static string Current(IStoreFiles files) => Convert.ToHexStringLower(BitConverter.GetBytes(Hash(Words(files))));

    private static ulong Hash(string words) => ChainHash.Of(Digest.Zero, default, Encoding.UTF8.GetBytes(words)).Check.Bits;

    private static string Words(IStoreFiles files)
    {
        if (OperatingSystem.IsMacOS())
        {
            Span<byte> uuid = stackalloc byte[16];
            var wait = default(Timespec);
            if (GetHostUuid(uuid, wait) == 0)
                return Convert.ToHexString(uuid);
        }
        else
        {
            try
            {
                var id = Encoding.UTF8.GetString(files.Read("/etc/machine-id")).Trim();
                if (id.Length > 0)
                    return id;
            }
            catch (StoreFileException)
            {
                // Slim containers have none.
            }
        }

        return "name " + Environment.MachineName;
    }

    [LibraryImport("libc", EntryPoint = "gethostuuid")]
    private static partial int GetHostUuid(Span<byte> uuid, in Timespec wait);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
