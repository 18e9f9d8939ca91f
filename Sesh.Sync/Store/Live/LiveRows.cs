using System.Buffers.Binary;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Live;

/// <summary>A whole live file in memory; rows are decoded when asked for.</summary>
internal sealed class LiveRows(LiveHeader header, byte[] bytes)
{
    public LiveHeader Header { get; } = header;

    public int Count => Header.Rows;

    public SessionId Session(int index) => SessionId.Read(bytes.AsSpan(KeyAt(index)));

    /// <summary>Empty where the key points outside the file.</summary>
    public ReadOnlyMemory<byte> Row(int index)
    {
        var at = KeyAt(index) + SessionId.Size;
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4));
        return offset < Header.RowsAt || offset + (long)length > bytes.Length ? default : bytes.AsMemory((int)offset, (int)length);
    }

    private static int KeyAt(int index) => LiveHeader.Size + index * LiveHeader.KeySize;
}
