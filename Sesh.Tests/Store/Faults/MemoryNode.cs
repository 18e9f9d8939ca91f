using System.Runtime.InteropServices;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Tests.Store.Faults;

/// <summary>A file or folder of <see cref="MemoryFiles"/>: its content now, and as it was last synced.</summary>
internal sealed class MemoryNode(long inode, FileKind kind)
{
    private byte[] _durable = [];

    public List<byte> Content { get; } = [];

    public uint Mode { get; set; } = kind == FileKind.Folder ? 0x1C0u : 0x180u;

    public FileFacts Facts() => new(1, inode, Content.Count, 0, kind, Mode, HomeFolder.EffectiveUser());

    public void Sync() => _durable = [.. Content];

    public MemoryNode Whole()
    {
        var copy = new MemoryNode(inode, kind) { Mode = Mode };
        copy.Content.AddRange(Content);
        copy.Sync();
        return copy;
    }

    /// <summary>As synced, or whole, or torn: the synced beginning, then a part of what was written behind it, or zeros in its place.</summary>
    public MemoryNode AfterPowerCut(Random luck)
    {
        var copy = new MemoryNode(inode, kind) { Mode = Mode };
        var isAppended = CollectionsMarshal.AsSpan(Content).StartsWith(_durable);
        var behind = isAppended ? Content.Skip(_durable.Length).ToArray() : [];
        copy.Content.AddRange(luck.Next(5) switch
        {
            0 => _durable,
            1 => Content,
            2 when isAppended => [.. _durable, .. behind[..luck.Next(behind.Length + 1)]],
            3 when isAppended => [.. _durable, .. Torn(behind, luck)],
            4 when isAppended => [.. _durable, .. new byte[behind.Length]],
            _ => luck.Next(2) == 0 ? _durable : Content,
        });
        copy.Sync();
        return copy;
    }

    // A part of it reached the disk and the rest of the block reads as zeros.
    private static byte[] Torn(byte[] bytes, Random luck)
    {
        var torn = (byte[])bytes.Clone();
        var at = luck.Next(torn.Length + 1);
        torn.AsSpan(at, luck.Next(torn.Length - at + 1)).Clear();
        return torn;
    }
}
