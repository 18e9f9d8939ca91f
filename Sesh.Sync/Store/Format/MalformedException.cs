namespace Sesh.Sync.Store.Format;

/// <summary>Bytes that are no document of ours. Never leaves the room: readers report damage.</summary>
internal sealed class MalformedException(string reason) : Exception(reason);
