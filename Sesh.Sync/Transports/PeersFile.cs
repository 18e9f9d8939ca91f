using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>A key of <c>peers.json</c> that this version does not know.</summary>
/// <param name="Entry">Where it stands: <c>peers[0] (desk)</c>; empty beside the list.</param>
/// <param name="Known">What may stand there.</param>
public sealed record UnknownKey(string Entry, string Key, IReadOnlyList<string> Known);

/// <summary>
/// <c>peers.json</c>: the machines that this one knows how to reach, and those that may reach it. Immutable; <see cref="Change"/> writes. Keys that this version
/// does not know are kept.
/// </summary>
public sealed class PeersFile
{
    private const int MostBytes = 1 << 20;
    private const uint OwnerReads = 0b110_000_000;

    private readonly JsonObject _root;

    private PeersFile(JsonObject root, IReadOnlyList<Peer> peers)
    {
        _root = root;
        Peers = peers;
    }

    /// <summary>In the order of the file. Names are unique.</summary>
    public IReadOnlyList<Peer> Peers { get; }

    /// <summary>Keys that say nothing to this version: of a newer one, or mistyped. They stay when the file is written.</summary>
    public IEnumerable<UnknownKey> Unknown
    {
        get
        {
            foreach (var key in _root.Select(k => k.Key).Where(k => k != "peers"))
                yield return new UnknownKey("", key, ["peers"]);
            if (_root["peers"] is not JsonArray entries)
                yield break;
            for (var i = 0; i < entries.Count; i++)
            {
                foreach (var key in ((JsonObject)entries[i]!).Select(k => k.Key).Except(PeerEntry.Keys))
                    yield return new UnknownKey(string.Create(CultureInfo.InvariantCulture, $"peers[{i}] ({Peers[i].Name})"), key, PeerEntry.Keys);
            }
        }
    }

    public static string PathIn(string home) => Path.Join(home, "peers.json");

    /// <summary>A file that is not there lists nobody.</summary>
    /// <exception cref="SeshException"><c>config</c>: it cannot be read, or is not as it should be; says where.</exception>
    public static PeersFile Load(string home) => Load(PathIn(home), PosixFiles.Instance);

    /// <summary>The one of that name; null where there is none.</summary>
    public Peer? Find(string name) => Peers.FirstOrDefault(p => p.Name.Text == name);

    /// <summary>With this entry in the place of the one of the same name, else behind all others.</summary>
    public PeersFile With(Peer peer)
    {
        var root = (JsonObject)_root.DeepClone();
        if (root["peers"] is not JsonArray entries)
            root["peers"] = entries = [];
        var at = Peers.ToList().FindIndex(p => p.Name == peer.Name);
        if (at < 0)
        {
            at = entries.Count;
            entries.Add((JsonNode)new JsonObject());
        }

        PeerEntry.Write(peer, (JsonObject)entries[at]!);
        return new PeersFile(root, [.. Peers.Take(at), peer, .. Peers.Skip(at + 1)]);
    }

    /// <summary>Without the one of that name.</summary>
    public PeersFile Without(string name)
    {
        var at = Peers.ToList().FindIndex(p => p.Name.Text == name);
        if (at < 0)
            return this;
        var root = (JsonObject)_root.DeepClone();
        ((JsonArray)root["peers"]!).RemoveAt(at);
        return new PeersFile(root, [.. Peers.Where((_, i) => i != at)]);
    }

    /// <summary>Reads, lets somebody change, and writes in one step, under a lock: of two commands at once neither loses what the other wrote. Nothing is written where nothing changed.</summary>
    /// <exception cref="SeshException">As of <see cref="Load(string)"/>, or the file cannot be written.</exception>
    public static PeersFile Change(string home, Func<PeersFile, PeersFile> change)
    {
        var files = PosixFiles.Instance;
        var path = PathIn(home);
        try
        {
            var paths = new StorePaths(home);
            HomeFolder.Prepare(files, paths);
            using var held = files.Lock(paths.PeersLock);
            var before = Load(path, files);
            var after = change(before);
            if (JsonNode.DeepEquals(before._root, after._root))
                return before;
            files.Replace(path, after.ToBytes());
            return after;
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }
    }

    internal byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        // Nothing here is ever part of a web page: names with umlauts and the like stay readable.
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            _root.WriteTo(writer);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    internal static PeersFile Parse(ReadOnlySpan<byte> bytes, string path)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}");
            throw Fault($"{place}: not JSON", e);
        }

        if (root is not JsonObject file)
            throw Fault($"{path}: must be an object: {{\"peers\": […]}}");
        if (file["peers"] is not { } list)
            return new PeersFile(file, []);
        if (list is not JsonArray entries)
            throw Fault($"{path}: peers must be a list");
        var peers = new List<Peer>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}: peers[{i}]");
            if (entries[i] is not JsonObject entry)
                throw Fault($"{place} must be an object");
            var peer = PeerEntry.Read(entry, (key, what) => Fault($"{place}.{key}: {what}"));
            if (peers.Any(p => p.Name == peer.Name))
                throw Fault($"{place}.name: {peer.Name} is there already");
            peers.Add(peer);
        }

        return new PeersFile(file, peers);
    }

    private static PeersFile Load(string path, IStoreFiles files)
    {
        try
        {
            if (files.Stat(path) is not { } facts)
                return new PeersFile([], []);
            if (facts.Size > MostBytes)
                throw Fault($"{path} is over 1 MiB: that is no list of peers");
            if ((facts.Mode & ~OwnerReads) != 0 && facts.Owner == HomeFolder.EffectiveUser())
                files.SetMode(path, OwnerReads);
            return Parse(files.Read(path), path);
        }
        catch (StoreFileException e)
        {
            throw Fault($"cannot read {path}: {e.Reason}", e);
        }
    }

    private static SeshException Fault(string message, Exception? inner = null) => new("config", message, "mend it, or move it away", inner: inner);
}
