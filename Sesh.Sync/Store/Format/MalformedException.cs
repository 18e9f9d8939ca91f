using MessagePack;

namespace Sesh.Sync.Store.Format;

/// <summary>Bytes that are no document of ours. Never leaves the room: readers report damage.</summary>
internal sealed class MalformedException(string reason) : Exception(reason)
{
    /// <summary>The ways in which MessagePack's reader says that bytes are not what they should be.</summary>
    public static bool IsMeantBy(Exception e) =>
        e is EndOfStreamException or MessagePackSerializationException or OverflowException or ArgumentOutOfRangeException;
}
