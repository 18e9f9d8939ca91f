namespace Sesh.Output;

/// <summary>Holds what another machine sends until it can be used; of one that sends without end, no more than this.</summary>
internal sealed class GatheredStream : MemoryStream
{
    public const int Most = 256 << 20;

    /// <summary>Every other way to write comes here, as for all that derive from MemoryStream.</summary>
    /// <exception cref="IOException">It is too much.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Length + count > Most)
            throw new IOException($"the other machine sends more than {Most >> 20} MB that must be held at once");
        base.Write(buffer, offset, count);
    }
}
