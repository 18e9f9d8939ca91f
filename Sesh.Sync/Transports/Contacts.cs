using System.Text.Json;
using System.Text.Json.Nodes;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>
/// What is remembered of dealings with peers, a file each under <c>cache/peers/</c>. It may be lost at any time, so nothing here fails: what cannot be read is not
/// known, what cannot be written is forgotten. The last writer of one peer's file wins.
/// </summary>
public sealed class Contacts(string home)
{
    private const int MostBytes = 64 << 10;
    private const int MostText = 500;

    private readonly string _folder = Path.Join(home, "cache", "peers");

    /// <summary>An empty one where nothing is known.</summary>
    public Contact Of(MachineName peer)
    {
        try
        {
            if (PosixFiles.Instance.Stat(FileOf(peer)) is not { Size: <= MostBytes } || JsonNode.Parse(PosixFiles.Instance.Read(FileOf(peer))) is not JsonObject file)
                return new Contact();
            return new Contact
            {
                LastContact = Number(file, "lastContact"),
                LastTried = Number(file, "lastTried"),
                LastError = Text(file, "lastError"),
                LastErrorCode = Text(file, "lastErrorCode"),
                Version = Text(file, "version"),
                SkewMs = Number(file, "skewMs"),
                RoundTripMs = (int)Math.Clamp(Number(file, "roundTripMs"), 0, int.MaxValue),
                Granted = Text(file, "granted"),
                Behind = (int)Math.Clamp(Number(file, "behind"), 0, int.MaxValue),
            };
        }
        catch (Exception e) when (e is StoreFileException or JsonException)
        {
            // As the summary says.
            return new Contact();
        }
    }

    public void Remember(MachineName peer, Contact contact)
    {
        var file = new JsonObject
        {
            ["lastContact"] = contact.LastContact,
            ["lastTried"] = contact.LastTried,
            ["lastError"] = Bounded(contact.LastError),
            ["lastErrorCode"] = Bounded(contact.LastErrorCode),
            ["version"] = Bounded(contact.Version),
            ["skewMs"] = contact.SkewMs,
            ["roundTripMs"] = contact.RoundTripMs,
            ["granted"] = Bounded(contact.Granted),
            ["behind"] = contact.Behind,
        };
        try
        {
            HomeFolder.Prepare(PosixFiles.Instance, new StorePaths(home));
            PosixFiles.Instance.MakeFolder(Path.GetDirectoryName(_folder)!);
            PosixFiles.Instance.MakeFolder(_folder);
            // Replaced without a sync: a file that a power cut empties is one that is not known.
            var beside = $"{FileOf(peer)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
            using (var stream = PosixFiles.Instance.Create(beside))
                stream.WriteAll(JsonBytes(file));
            PosixFiles.Instance.Rename(beside, FileOf(peer));
        }
        catch (Exception e) when (e is StoreFileException or SeshException)
        {
            // As the summary says.
        }
    }

    public void Forget(MachineName peer)
    {
        try
        {
            PosixFiles.Instance.Remove(FileOf(peer));
        }
        catch (StoreFileException)
        {
            // As the summary says.
        }
    }

    private string FileOf(MachineName peer) => Path.Join(_folder, peer.Text + ".json");

    private static byte[] JsonBytes(JsonObject file)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            file.WriteTo(writer);
        return buffer.ToArray();
    }

    private static string Bounded(string text) => text.Length <= MostText ? text : text[..MostText];

    private static long Number(JsonObject file, string key) =>
        file[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : 0;

    private static string Text(JsonObject file, string key) =>
        file[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
}
