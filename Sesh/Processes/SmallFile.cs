using System.Buffers;

namespace Sesh.Processes;

/// <summary>
/// Small files of which a look reads hundreds: by open, read and close alone. File.ReadAllBytes asks for the length, which /proc's files have not, locks and seeks, and a file that is
/// not there costs it an exception.
/// </summary>
internal static unsafe class SmallFile
{
    private const int Usual = 16384;

    /// <summary>Empty where it is gone, not ours to read, or longer than <paramref name="longest"/>.</summary>
    public static byte[] Read(string path, int longest = int.MaxValue)
    {
        var descriptor = Libc.Open(path, Libc.CloseOnExec);
        if (descriptor < 0)
            return [];
        var buffer = ArrayPool<byte>.Shared.Rent(Usual);
        var length = 0;
        while (length <= longest)
        {
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            nint count;
            fixed (byte* at = buffer)
                count = Libc.Read(descriptor, at + length, (nuint)(buffer.Length - length));
            if (count <= 0)
                break;
            length += (int)count;
        }

        _ = Libc.Close(descriptor);
        byte[] bytes = length > longest ? [] : buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }
}
