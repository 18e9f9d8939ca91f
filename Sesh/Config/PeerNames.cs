using System.Text.Json;
using Sesh.Sync;

namespace Sesh.Config;

/// <summary>The machines that <c>peers.json</c> lists: <c>{"peers": [{"name": "…", …}]}</c>. What else stands there is the mesh's.</summary>
internal static class PeerNames
{
    /// <summary>Empty where there is no file.</summary>
    public static IReadOnlySet<string> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var peer in document.RootElement.GetProperty("peers").EnumerateArray())
                names.Add(peer.GetProperty("name").GetString()!);
            return names;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new HashSet<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new SeshException("config", $"cannot read {path}: {e.Message.TrimEnd('.')}", "mend it, or move it away", inner: e);
        }
    }
}
