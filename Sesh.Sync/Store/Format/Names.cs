using Sesh.Sync.Documents;

namespace Sesh.Sync.Store.Format;

/// <summary>The tables a block is written with.</summary>
internal sealed class Names
{
    public Table<ReplicaId> Replicas { get; } = new();

    public Table<SessionId> Sessions { get; } = new();
}

/// <summary>The tables a block is read with.</summary>
internal readonly record struct NameTables(ReplicaId[] Replicas, SessionId[] Sessions);
