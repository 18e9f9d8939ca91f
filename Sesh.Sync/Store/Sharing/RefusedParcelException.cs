namespace Sesh.Sync.Store.Sharing;

/// <summary>What came is not what it says, or more than is taken. Never leaves the room: it becomes a <see cref="Receipt"/>.</summary>
internal sealed class RefusedParcelException(string reason) : Exception(reason);
