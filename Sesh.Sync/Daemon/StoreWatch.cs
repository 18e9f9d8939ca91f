using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Daemon;

/// <summary>
/// Tells that files of a home have changed, whoever changed them: within some milliseconds where the system reports changes, by looking again now and then
/// where it does not or has lost some. The home is made where it is missing. Safe to dispose from any thread, also from the callback.
/// </summary>
public sealed class StoreWatch : IDisposable
{
    /// <summary>One command writes its document, the copy in docs/ and its live rows within a moment; whoever waits for them waits this long for the first.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(3);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookAgainUnwatched = TimeSpan.FromSeconds(2);

    private readonly string _home;
    private readonly Action<StoreChanges> _changed;
    private readonly Lock _lock = new();
    private readonly ITimer _gather;
    private readonly ITimer _look;
    private FileSystemWatcher? _watcher;
    private FileFacts? _watched;
    private StoreStamps _stamps;
    private StoreChanges _pending;
    private bool _telling;
    private bool _disposed;

    /// <param name="home">Absolute.</param>
    /// <param name="changed">Called by a thread of the pool, one call at a time, with all that changed since the last. May be told of changes that the caller made itself. Must not throw.</param>
    public StoreWatch(string home, Action<StoreChanges> changed, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _home = home;
        _changed = changed;
        _gather = time.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _look = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Watch();
        // After the watcher is there: what changes in between is then told twice and not never.
        _stamps = StoreStamps.Of(home);
        Again();
    }

    public void Dispose()
    {
        FileSystemWatcher? watcher;
        lock (_lock)
        {
            _disposed = true;
            watcher = _watcher;
            _watcher = null;
        }

        watcher?.Dispose();
        _gather.Dispose();
        _look.Dispose();
    }

    // One watcher for the whole home: each one takes one of the 128 that Linux gives a user for all programs.
    private void Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            Directory.CreateDirectory(_home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _watched = PosixFiles.Instance.Stat(_home);
            var folder = Directory.ResolveLinkTarget(_home, returnFinalTarget: true)?.FullName ?? _home;
            watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite,
            };
            watcher.Created += (_, e) => Note(Meaning(e.Name));
            watcher.Changed += (_, e) => Note(Meaning(e.Name));
            watcher.Deleted += (_, e) => Note(Meaning(e.Name));
            watcher.Renamed += (_, e) => Note(Meaning(e.Name) | Meaning(e.OldName));
            // Events were lost, or the watcher with them: the next look makes another.
            watcher.Error += (_, _) =>
            {
                Drop();
                Note(StoreChanges.All);
            };
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or StoreFileException)
        {
            // No home yet, or no watchers left: looking again serves, only later.
            watcher?.Dispose();
            return;
        }

        lock (_lock)
        {
            if (!_disposed)
            {
                _watcher = watcher;
                return;
            }
        }

        watcher.Dispose();
    }

    private void Drop()
    {
        FileSystemWatcher? watcher;
        lock (_lock)
        {
            watcher = _watcher;
            _watcher = null;
        }

        watcher?.Dispose();
    }

    private static StoreChanges Meaning(string? path)
    {
        if (path is null)
            return StoreChanges.None;
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            // A folder that came or went took its files along.
            return path is "own" or "docs" ? StoreChanges.Documents : path is "live" ? StoreChanges.Live : path is "links" ? StoreChanges.Links : path is "grants" ? StoreChanges.Grants
                : path is "config.toml" or "peers.json" ? StoreChanges.Settings : StoreChanges.None;
        }

        return StoreStamps.Meaning(path.AsSpan(0, slash), path.AsSpan(slash + 1));
    }

    private void Note(StoreChanges changes)
    {
        if (changes == StoreChanges.None)
            return;
        lock (_lock)
        {
            var isFirst = _pending == StoreChanges.None && !_telling;
            _pending |= changes;
            if (isFirst && !_disposed)
                _gather.Change(Gather, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell()
    {
        StoreChanges changes;
        lock (_lock)
        {
            if (_disposed || _telling || _pending == StoreChanges.None)
                return;
            (changes, _pending, _telling) = (_pending, StoreChanges.None, true);
        }

        try
        {
            _changed(changes);
        }
        finally
        {
            lock (_lock)
            {
                _telling = false;
                if (_pending != StoreChanges.None && !_disposed)
                    _gather.Change(Gather, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Look()
    {
        if (_watcher is not null && !IsSameFolder())
            Drop();
        if (_watcher is null)
            Watch();
        var now = StoreStamps.Of(_home);
        Note(now.Since(_stamps));
        _stamps = now;
        Again();
    }

    // Moved away and another put in its place: the watcher stays with the old one.
    private bool IsSameFolder()
    {
        try
        {
            return PosixFiles.Instance.Stat(_home) is { } now && _watched is { } before && now.Device == before.Device && now.Inode == before.Inode;
        }
        catch (StoreFileException)
        {
            return false;
        }
    }

    private void Again()
    {
        lock (_lock)
        {
            if (!_disposed)
                _look.Change(_watcher is null ? LookAgainUnwatched : LookAgain, Timeout.InfiniteTimeSpan);
        }
    }
}
