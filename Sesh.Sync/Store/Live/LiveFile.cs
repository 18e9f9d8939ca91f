using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Live;

/// <summary>
/// One live file open for reading. Read with pread(2) and not mapped, for such files are also carried by programs that write them in place: a mapping of a
/// file cut short meanwhile is a crash, a short read is not.
/// </summary>
internal sealed class LiveFile : IDisposable
{
    private const int MaxLength = 1 << 30;

    private readonly SafeFileHandle _file;

    private LiveFile(string path, SafeFileHandle file, LiveHeader header) => (Path, _file, Header) = (path, file, header);

    public string Path { get; }

    public LiveHeader Header { get; }

    /// <summary>Null where there is none that can be read; <paramref name="notice"/> says what was wrong with one that is there.</summary>
    public static LiveFile? Open(string path, out Notice? notice)
    {
        notice = null;
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> head = stackalloc byte[LiveHeader.Size];
            var read = RandomAccess.Read(file, head, 0);
            if (LiveHeader.Read(head[..read], out var newer) is { } header && header.Length <= MaxLength)
            {
                var opened = new LiveFile(path, file, header);
                file = null;
                return opened;
            }

            notice = newer
                ? new Notice("newer-version", $"{System.IO.Path.GetFileName(path)} was written by a newer version of sesh and is not read", "upgrade sesh", Quiet: true)
                : new Notice("foreign-file", $"{System.IO.Path.GetFileName(path)} in live/ is damaged or not a live file, and is not read", Quiet: true);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone since the folder was listed.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            notice = new Notice("foreign-file", $"{System.IO.Path.GetFileName(path)} in live/ cannot be read: {e.Message}", Quiet: true);
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>One session's row; reads some keys and that row alone.</summary>
    public LiveRow? Find(SessionId session)
    {
        Span<byte> key = stackalloc byte[LiveHeader.KeySize];
        var (low, high) = (0, Header.Rows - 1);
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            if (RandomAccess.Read(_file, key, LiveHeader.Size + (long)middle * LiveHeader.KeySize) < key.Length)
                return null;
            var order = SessionId.Read(key).CompareTo(session);
            if (order == 0)
                return Row(key, session);
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    /// <summary>The rows live in that pane; reads the panes and those rows alone.</summary>
    public List<LiveRow> InPane(string socket, string pane)
    {
        var found = new List<LiveRow>();
        var places = new byte[Header.Panes * LiveHeader.PaneSize];
        if (RandomAccess.Read(_file, places, Header.PlacesAt) < places.Length || Crc.Of(places) != Header.PanesChecksum)
            return found;
        var wanted = LiveHeader.PaneHash(socket, pane);
        Span<byte> key = stackalloc byte[LiveHeader.KeySize];
        for (var at = 0; at < places.Length; at += LiveHeader.PaneSize)
        {
            var index = BinaryPrimitives.ReadUInt32LittleEndian(places.AsSpan(at + 4));
            if (BinaryPrimitives.ReadUInt32LittleEndian(places.AsSpan(at)) == wanted && index < Header.Rows
                && RandomAccess.Read(_file, key, LiveHeader.Size + (long)index * LiveHeader.KeySize) == key.Length
                && Row(key, SessionId.Read(key)) is { Live: true, Tmux: { } place } row && place.Pane == pane && place.Socket == socket)
            {
                found.Add(row);
            }
        }

        return found;
    }

    /// <summary>All rows' bytes, those found damaged left out; null where the keys are damaged.</summary>
    public LiveRows? ReadAll()
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)Header.Length);
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(_file, bytes.AsSpan(read), read);
            if (more == 0)
                return null;
            read += more;
        }

        // A file written in place may have changed since its header was read.
        var header = LiveHeader.Read(bytes, out _);
        return header == Header && Crc.Of(bytes.AsSpan(LiveHeader.Size, (int)header.PlacesAt - LiveHeader.Size)) == header.KeysChecksum
            ? new LiveRows(header, bytes)
            : null;
    }

    /// <summary>Whether rows are found by its keys: those of a file that a copier cut short, or wrote in place, may lead nowhere.</summary>
    public bool HasSoundKeys()
    {
        var size = (int)Header.PlacesAt - LiveHeader.Size;
        var keys = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return RandomAccess.GetLength(_file) >= Header.Length && RandomAccess.Read(_file, keys.AsSpan(0, size), LiveHeader.Size) == size && Crc.Of(keys.AsSpan(0, size)) == Header.KeysChecksum;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(keys);
        }
    }

    public void Dispose() => _file.Dispose();

    private LiveRow? Row(ReadOnlySpan<byte> key, SessionId session)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(key[SessionId.Size..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(key[(SessionId.Size + 4)..]);
        if (offset < Header.RowsAt || offset + (long)length > Header.Length)
            return null;
        var row = new byte[length];
        return RandomAccess.Read(_file, row, offset) == row.Length ? LiveRowFormat.Read(row, session) : null;
    }
}
