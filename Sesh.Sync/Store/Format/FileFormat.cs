namespace Sesh.Sync.Store.Format;

/// <summary>
/// The document file: a header block, a base block where something is compacted, then a block a frame. A block is a head of 56 bytes, then its payload.
/// <code>
///  0  magic     89 's' 'e' and 'H' header, 'B' base, 'F' frame
///  4  length    of the payload, little-endian
///  8  CRC-32C   of the bytes before
/// 12  CRC-32C   of the bytes behind: digest, link, payload
/// 16  digest    32 bytes: BLAKE2b-256 of (digest before, replica, payload)
/// 48  link      the first 8 bytes of the digest before
/// </code>
/// So every byte is under a checksum, a reader sees without hashing whether a frame stands behind the right one, and hashing proves it.
/// </summary>
internal static class FileFormat
{
    /// <summary>Another major version is another format: refused.</summary>
    public const int Major = 1;

    /// <summary>A newer minor version only adds: fields at the end of arrays, kinds of frames, numbers of fields.</summary>
    public const int Minor = 0;

    public const int HeadSize = 56;

    /// <summary>Of one block as it lies in the file.</summary>
    public const int MaxPayload = 64 << 20;

    /// <summary>How far a compacted part may inflate, and to what at most: real ones reach a sixth of the first.</summary>
    public const int MaxInflation = 64;
    public const int MaxInflated = 512 << 20;

    /// <summary>Of one text, tag or key in UTF-8.</summary>
    public const int MaxText = Documents.Value.MaxTextBytes;

    /// <summary>Of arrays within a value that only a newer version understands.</summary>
    public const int MaxNesting = 16;
}

internal enum BlockKind : byte
{
    Header = (byte)'H',
    Base = (byte)'B',
    Frame = (byte)'F',
}
