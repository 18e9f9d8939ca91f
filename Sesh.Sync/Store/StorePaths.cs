using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>Where things lie under a home (store.md).</summary>
internal sealed class StorePaths(string home)
{
    public const string Extension = ".sesh";
    public const string PrivatePrefix = "private.";

    public string Home { get; } = home;

    public string Own { get; } = Path.Join(home, "own");

    public string Docs { get; } = Path.Join(home, "docs");

    /// <summary>Owners' words for how far their documents go, a file a replica.</summary>
    public string Heads { get; } = Path.Join(home, "heads");

    /// <summary>Locks of received documents, one a replica.</summary>
    public string Received => Path.Join(Own, "received");

    public string Quarantine { get; } = Path.Join(home, "quarantine");

    public string Cache { get; } = Path.Join(home, "cache");

    /// <summary>The writers' lock. Never renamed.</summary>
    public string Lock => Path.Join(Own, "lock");

    /// <summary>Of who changes peers.json, known_hosts or the key for links. Never renamed.</summary>
    public string PeersLock => Path.Join(Own, "peers.lock");

    public string Replicas => Path.Join(Own, "replicas");

    public string OwnDocument(ReplicaId replica, bool isPrivate) => Path.Join(Own, (isPrivate ? PrivatePrefix : "") + replica + Extension);

    /// <summary>Operations that compaction took out of a document and that have not aged out.</summary>
    public static string History(string document) => Path.ChangeExtension(document, ".history");

    public string Published(ReplicaId replica, string machine) => Path.Join(Docs, $"{machine}.{replica}{Extension}");
}
