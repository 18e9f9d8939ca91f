namespace Sesh.Sync.Wire;

/// <param name="Kind">See there.</param>
/// <param name="Channel">0 for what belongs to the link.</param>
/// <param name="Payload">Valid until the next frame is read.</param>
internal readonly record struct Frame(FrameKind Kind, uint Channel, ReadOnlyMemory<byte> Payload);

/// <summary>The other side breaks the protocol: the link ends with this as the reason.</summary>
internal sealed class WireException(string reason) : Exception(reason);
