using System.Runtime.InteropServices;

namespace Sesh.Sync.Store.Format;

/// <summary>Ids of 16 bytes, each once, in the order first met: written once a block, named by position.</summary>
internal sealed class Table<T>
    where T : struct, IEquatable<T>
{
    private readonly Dictionary<T, int> _positions = [];
    private readonly List<T> _items = [];

    public ReadOnlySpan<T> Items => CollectionsMarshal.AsSpan(_items);

    public int Position(T item)
    {
        if (!_positions.TryGetValue(item, out var position))
        {
            position = _items.Count;
            _positions.Add(item, position);
            _items.Add(item);
        }

        return position;
    }
}

internal delegate T IdReader<T>(ReadOnlySpan<byte> bytes);

internal delegate void IdWriter<T>(T id, Span<byte> bytes);

internal static class Tables
{
    public const int IdSize = 16;

    public static byte[] Bytes<T>(ReadOnlySpan<T> ids, IdWriter<T> write)
    {
        var bytes = new byte[ids.Length * IdSize];
        for (var i = 0; i < ids.Length; i++)
            write(ids[i], bytes.AsSpan(i * IdSize));
        return bytes;
    }

    public static T[] Read<T>(ReadOnlySpan<byte> bytes, IdReader<T> read)
    {
        if (bytes.Length % IdSize != 0)
            throw new MalformedException("a table of ids is cut off");
        var ids = new T[bytes.Length / IdSize];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = read(bytes.Slice(i * IdSize, IdSize));
        return ids;
    }

    public static T At<T>(this T[] table, long position) =>
        position >= 0 && position < table.Length ? table[position] : throw new MalformedException("a position outside its table");
}
