using System.Text.Json;

namespace Sesh.FakeAgents;

/// <summary>Appending lines as the agents do: each as one write.</summary>
internal sealed class JsonlFile(string path) : IDisposable
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private FileStream? _open;

    /// <summary>Nothing is to be kept of this session.</summary>
    public static bool Ephemeral { get; set; }

    public string Path => path;

    public void Append(object line)
    {
        if (Ephemeral)
        {
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var bytes = (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(line, Options), (byte)'\n'];
        if (_open is not null)
        {
            _open.Write(bytes);
            return;
        }

        using var file = Open();
        file.Write(bytes);
    }

    /// <summary>Codex keeps its rollout open; the others do not.</summary>
    public void KeepOpen()
    {
        if (Ephemeral)
        {
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        _open ??= Open();
    }

    private FileStream Open() => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);

    public void Dispose() => _open?.Dispose();
}
