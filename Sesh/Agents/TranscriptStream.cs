namespace Sesh.Agents;

/// <summary>Opening an agent's file while the agent writes, renames or deletes it.</summary>
internal static class TranscriptStream
{
    /// <summary>Unbuffered: the readers bring their own buffer. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    public static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
}
