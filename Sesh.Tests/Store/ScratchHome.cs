namespace Sesh.Tests.Store;

/// <summary>A home of one test's own, gone with it.</summary>
internal sealed class ScratchHome : IDisposable
{
    public ScratchHome() => Path = Directory.CreateTempSubdirectory("sesh-").FullName;

    public string Path { get; }

    public string File(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
