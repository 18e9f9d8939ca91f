using System.Collections.Immutable;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Live;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Takes word that rows which are held of other machines were looked at again and found as they were: their files' headers say so, and nothing else changes.</summary>
internal sealed class LiveConfirmation(StoreOptions options, IStoreFiles files)
{
    /// <summary>A file is written anew for no less, in milliseconds.</summary>
    private const long AgeThatCounts = 1000;

    private readonly StorePaths _paths = new(options.Home);

    /// <summary>Those that are no news, or of other rows than are held, are passed over.</summary>
    public void Take(ImmutableArray<LiveState> told)
    {
        try
        {
            if (!IsNews(told))
                return;
            ReceivedFolders.Make(files, _paths.Received);
            using var held = files.Lock(Path.Join(_paths.Received, "live.lock"));
            using var folder = LiveFolder.Open(options.Home);
            foreach (var file in folder.Files)
            {
                if (LaterWalk(file.Header, told) is not { } walk)
                    continue;
                LiveFolder.ReplaceHeader(file, file.Header with { LastWalk = walk });
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreFileException)
        {
            // The rows look older than they are, until somebody tells it again.
        }
    }

    private bool IsNews(ImmutableArray<LiveState> told)
    {
        using var folder = LiveFolder.Open(options.Home);
        return folder.Files.Any(f => LaterWalk(f.Header, told) is not null);
    }

    private long? LaterWalk(LiveHeader held, ImmutableArray<LiveState> told)
    {
        if (held.Machine == options.Machine?.Text || held.Replica == default)
            return null;
        var latest = options.Time.GetUtcNow().ToUnixTimeMilliseconds() - held.Skew + SharingLimits.Ahead;
        foreach (var state in told)
        {
            if (state == new LiveState(held.Machine, held.Replica, held.Incarnation, held.Stamp) && state.LastWalk - held.LastWalk >= AgeThatCounts && state.LastWalk <= latest)
                return state.LastWalk;
        }

        return null;
    }
}
