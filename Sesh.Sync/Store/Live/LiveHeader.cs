using System.Buffers.Binary;
using System.Text;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Live;

/// <summary>
/// The first <see cref="Size"/> bytes of a live file, little-endian but for ids: magic, format, rows, replica, boot, incarnation, stamp, last walk,
/// length of the file, checksum of the keys, machine, live panes, their checksum, skew, newest row, checksum of all this. Behind it stand the keys of the rows, the live panes, the rows.
/// </summary>
/// <param name="Boot">Names the observing machine's boot; zero where it could not be told.</param>
/// <param name="Incarnation">Counts the lives of the observer's clock: a boot, a new replica, a clock set back. What was stamped in an earlier life is older.</param>
/// <param name="Stamp">The clock at the last change of the file.</param>
/// <param name="Panes">How many rows are live in a pane.</param>
/// <param name="Skew">
/// By how many milliseconds the clock of this home is ahead of the observer's, as judged when the rows came: the file keeps the observer's times. 0 in the observer's own file.
/// </param>
/// <param name="NewestRow">The latest stamp of any row: in one incarnation, a file of which this did not change holds the rows that it held.</param>
/// <param name="LastWalk">When the last look at every session of the machine began, in milliseconds since 1970 UTC; 0 for never. Every row has been seen since.</param>
internal sealed record LiveHeader(string Machine, ReplicaId Replica, UInt128 Boot, long Incarnation, Hlc Stamp, long LastWalk, int Rows, long Length, uint KeysChecksum, int Panes, uint PanesChecksum, long Skew = 0, Hlc NewestRow = default)
{
    public const int Size = 180;

    /// <summary>A key: the uuid, then offset and length of its row.</summary>
    public const int KeySize = SessionId.Size + 8;

    /// <summary>A live pane: the hash of its socket and id, then the number of its row's key.</summary>
    public const int PaneSize = 8;

    public const int Major = 3;

    private const int ChecksumAt = Size - 4;
    private const int MachineAt = 84;
    private const int PanesAt = 152;
    private const int SkewAt = 160;
    private const int NewestRowAt = 168;

    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'s', (byte)'e', (byte)'l', (byte)'v', 0x0d, 0x0a, 0x1a];

    /// <summary>Where the live panes stand.</summary>
    public long PlacesAt => Size + (long)Rows * KeySize;

    public long RowsAt => PlacesAt + (long)Panes * PaneSize;

    /// <summary>Whether a file with this header holds the rows that one with the other holds, whatever it says of when they were looked at.</summary>
    public bool HasRowsOf(LiveHeader other) =>
        Machine == other.Machine && Replica == other.Replica && Incarnation == other.Incarnation && NewestRow == other.NewestRow && Rows == other.Rows && KeysChecksum == other.KeysChecksum;

    /// <summary>Finds a pane among the live ones; another may have the same.</summary>
    public static uint PaneHash(string socket, string pane) => Crc.Of(Encoding.UTF8.GetBytes($"{socket}\0{pane}"));

    /// <summary>Null where these are not the first bytes of a live file that this version reads.</summary>
    public static LiveHeader? Read(ReadOnlySpan<byte> bytes, out bool newer)
    {
        newer = false;
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
            return null;
        newer = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) > Major;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) != Major || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc.Of(bytes[..ChecksumAt]))
            return null;
        var rows = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[72..]);
        var panes = BinaryPrimitives.ReadInt32LittleEndian(bytes[PanesAt..]);
        int machine = bytes[MachineAt];
        if (rows < 0 || panes < 0 || panes > rows || machine > MachineName.MaxLength || length < Size + (long)rows * KeySize + (long)panes * PaneSize
            || !MachineName.TryParse(Encoding.ASCII.GetString(bytes.Slice(MachineAt + 1, machine)), out var name))
            return null;
        return new LiveHeader(
            name.Text,
            ReplicaId.Read(bytes[16..]),
            BinaryPrimitives.ReadUInt128BigEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            new Hlc(BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]),
            rows,
            length,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[80..]),
            panes,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[(PanesAt + 4)..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[SkewAt..]),
            new Hlc(BinaryPrimitives.ReadUInt64LittleEndian(bytes[NewestRowAt..])));
    }

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Major);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Rows);
        Replica.Write(bytes[16..]);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[32..], Boot);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], Incarnation);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], Stamp.Bits);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[64..], LastWalk);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[72..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[80..], KeysChecksum);
        bytes[MachineAt] = (byte)Encoding.ASCII.GetBytes(Machine, bytes[(MachineAt + 1)..PanesAt]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[PanesAt..], Panes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(PanesAt + 4)..], PanesChecksum);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[SkewAt..], Skew);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[NewestRowAt..], NewestRow.Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Crc.Of(bytes[..ChecksumAt]));
    }
}
