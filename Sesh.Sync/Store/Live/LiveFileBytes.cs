using System.Buffers;
using System.Buffers.Binary;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store.Live;

/// <summary>Makes the bytes of a live file.</summary>
internal static class LiveFileBytes
{
    /// <param name="header">Counts, length, checksums and the newest row's stamp are filled in here.</param>
    public static byte[] Of(LiveHeader header, IReadOnlyDictionary<SessionId, ReadOnlyMemory<byte>> rows)
    {
        var sessions = rows.Keys.ToArray();
        Array.Sort(sessions);
        var places = Places(sessions, rows);
        var placesAt = LiveHeader.Size + sessions.Length * LiveHeader.KeySize;
        var at = placesAt + places.Length;
        var length = at;
        foreach (var row in rows.Values)
            length = checked(length + row.Length);
        var file = GC.AllocateUninitializedArray<byte>(length);
        Hlc newest = default;
        places.CopyTo(file, placesAt);
        var key = file.AsSpan(LiveHeader.Size);
        foreach (var session in sessions)
        {
            var row = rows[session];
            session.Write(key);
            BinaryPrimitives.WriteInt32LittleEndian(key[SessionId.Size..], at);
            BinaryPrimitives.WriteInt32LittleEndian(key[(SessionId.Size + 4)..], row.Length);
            row.Span.CopyTo(file.AsSpan(at));
            if (LiveRowFormat.Stamp(row.Span) is var stamp && stamp > newest)
                newest = stamp;
            key = key[LiveHeader.KeySize..];
            at += row.Length;
        }

        var filled = header with
        {
            Rows = sessions.Length,
            Length = length,
            KeysChecksum = Crc.Of(file.AsSpan(LiveHeader.Size, placesAt - LiveHeader.Size)),
            Panes = places.Length / LiveHeader.PaneSize,
            PanesChecksum = Crc.Of(places),
            NewestRow = newest,
        };
        filled.Write(file);
        return file;
    }

    // The panes that rows are live in, so that a pane's row is found among ten thousand.
    private static byte[] Places(SessionId[] sessions, IReadOnlyDictionary<SessionId, ReadOnlyMemory<byte>> rows)
    {
        var places = new ArrayBufferWriter<byte>();
        for (var i = 0; i < sessions.Length; i++)
        {
            var bytes = rows[sessions[i]];
            if (!LiveRowFormat.IsLive(bytes) || LiveRowFormat.Read(bytes, sessions[i])?.Tmux is not { } place)
                continue;
            var entry = places.GetSpan(LiveHeader.PaneSize);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, LiveHeader.PaneHash(place.Socket, place.Pane));
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], i);
            places.Advance(LiveHeader.PaneSize);
        }

        return places.WrittenSpan.ToArray();
    }
}
