namespace Sesh.Sync.Store;

/// <summary>A live row as held here: whose, and how old by our clock.</summary>
/// <param name="Machine">The machine that observed it.</param>
/// <param name="AgeMs">Milliseconds since it was observed, never negative.</param>
/// <param name="Ours">Observed by this machine.</param>
public sealed record HeldRow(LiveRow Row, string Machine, long AgeMs, bool Ours);
