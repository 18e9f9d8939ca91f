using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Daemon;

/// <summary>Who is the daemon of a home: whoever holds the lock on <c>daemon.pid</c>. It goes with its process, however that ends; what stands in the file is only for others to read.</summary>
public sealed class DaemonLock : IDisposable
{
    private static readonly TimeSpan AskersAreGone = TimeSpan.FromMilliseconds(250);

    private readonly FileLock _lock;
    private readonly string _path;

    private DaemonLock(FileLock @lock, string path) => (_lock, _path) = (@lock, path);

    /// <summary>Makes the home where it is missing.</summary>
    /// <exception cref="SeshException"><c>daemon-running</c>, <c>home-unwritable</c>.</exception>
    public static DaemonLock Take(string home)
    {
        var path = PathOf(home);
        try
        {
            Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            while (Patiently(path) is { } held)
            {
                // Who stopped meanwhile has removed the file that was locked here; a third might lock the next.
                if (!held.IsAt(path))
                {
                    held.Dispose();
                    continue;
                }

                held.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
                return new DaemonLock(held, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("home-unwritable", $"cannot lock {path}: {e.Message.TrimEnd('.')}", "make the folder writable, or set SESH_HOME to another", inner: e);
        }

        var who = ProcessOf(home) is { } pid ? string.Create(CultureInfo.InvariantCulture, $" (process {pid})") : "";
        throw new SeshException("daemon-running", $"a daemon runs for {home} already{who}", "\"sesh daemon restart\" starts it anew");
    }

    /// <summary>Its process; null where none runs. Where one starts at this moment and has not said who it is, also null.</summary>
    public static int? ProcessOf(string home)
    {
        var path = PathOf(home);
        try
        {
            return FileLock.IsHeld(path) && Utf8Parser.TryParse(PosixFiles.Instance.Read(path), out int pid, out _) && pid > 1 ? pid : null;
        }
        catch (Exception e) when (e is IOException or StoreFileException)
        {
            // Gone since it was found held.
            return null;
        }
    }

    /// <summary>Whether one runs, even one that has not said who it is.</summary>
    public static bool IsHeld(string home)
    {
        try
        {
            return FileLock.IsHeld(PathOf(home));
        }
        catch (IOException)
        {
            // A file that we may not even open is none that a daemon of ours holds.
            return false;
        }
    }

    /// <summary>Removes the file and lets go.</summary>
    public void Dispose()
    {
        // While it is held, so that it is ours that goes.
        if (_lock.IsAt(_path))
            File.Delete(_path);
        _lock.Dispose();
    }

    // Whoever asks whether it is held holds it for a moment himself.
    private static FileLock? Patiently(string path)
    {
        using var patience = new CancellationTokenSource(AskersAreGone);
        try
        {
            return FileLock.Take(path, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static string PathOf(string home) => Path.Join(home, "daemon.pid");
}
