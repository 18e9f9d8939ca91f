using Sesh.Sync.Documents;
using Sesh.Sync.Store.Live;

namespace Sesh.Sync.Daemon;

/// <summary>Which sessions' turns began or ended, and which came alive or died, since the last look at the live files. Not thread-safe.</summary>
internal sealed class LiveEdges
{
    private readonly Dictionary<(string Machine, ReplicaId Replica), (LiveHeader Header, Dictionary<SessionId, (byte, bool)> Rows)> _seen = [];

    /// <summary>Whether there are any since the last call.</summary>
    public bool Look(string home)
    {
        using var folder = LiveFolder.Open(home);
        var edges = false;
        foreach (var file in folder.Files)
        {
            var key = (file.Header.Machine, file.Header.Replica);
            if (_seen.TryGetValue(key, out var before) && file.Header.HasRowsOf(before.Header))
                continue;
            if (file.ReadAll() is not { } rows)
                continue;
            var now = new Dictionary<SessionId, (byte, bool)>(rows.Count);
            for (var i = 0; i < rows.Count; i++)
            {
                var row = rows.Row(i);
                if (LiveRowFormat.IsSound(row.Span))
                    now[rows.Session(i)] = LiveRowFormat.Edge(row);
            }

            edges |= before.Rows is null ? now.Count > 0 : !Same(before.Rows, now);
            _seen[key] = (rows.Header, now);
        }

        return edges;
    }

    private static bool Same(Dictionary<SessionId, (byte, bool)> before, Dictionary<SessionId, (byte, bool)> now)
    {
        if (before.Count != now.Count)
            return false;
        foreach (var (session, edge) in now)
        {
            if (!before.TryGetValue(session, out var other) || other != edge)
                return false;
        }

        return true;
    }
}
