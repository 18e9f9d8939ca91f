using Sesh.Sync.Store.Files;

namespace Sesh.Tests.Store.Faults;

internal sealed class MemoryFile(MemoryFiles files, MemoryNode node, string path) : IStoreFile
{
    public FileFacts Facts() => node.Facts();

    public int Write(ReadOnlySpan<byte> bytes)
    {
        var written = bytes.ToArray();
        files.Step(path, () => node.Content.AddRange(written.AsSpan(0, written.Length / 2)));
        node.Content.AddRange(written);
        return written.Length;
    }

    public void Truncate(long length)
    {
        files.Step(path);
        node.Content.RemoveRange((int)length, node.Content.Count - (int)length);
    }

    public void Sync()
    {
        files.Step(path);
        node.Sync();
    }

    public void Dispose()
    {
    }
}
