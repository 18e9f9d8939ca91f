namespace Sesh.Sync.Store.Index;

/// <summary>The cache does not say what a cache of ours says. Never leaves this room: the index is then built anew.</summary>
internal sealed class IndexCorruptException(string what) : Exception(what);
