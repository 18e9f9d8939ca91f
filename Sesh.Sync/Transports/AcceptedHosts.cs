using System.Text;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>
/// <c>known_hosts</c> in <c>$SESH_HOME</c>: host keys that the user accepted through sesh, in OpenSSH's format, which both transports read beside the user's own. Each line's
/// comment says for which machine.
/// </summary>
public sealed class AcceptedHosts(string home)
{
    private readonly string _path = Path.Join(home, "known_hosts");

    /// <summary>Writes a host's key down, unless it is there already.</summary>
    /// <param name="knownAs">See <see cref="HostKeyException.KnownAs"/>.</param>
    /// <exception cref="SeshException">The file cannot be written.</exception>
    public void Accept(MachineName machine, string knownAs, HostKey key)
    {
        if (!KnownHosts.Read([_path]).Has(knownAs, key))
            Rewrite(lines => lines.Add($"{knownAs} {key.Line} {Comment(machine)}"));
    }

    /// <summary>Takes out what was accepted for a machine.</summary>
    /// <returns>How many lines.</returns>
    /// <exception cref="SeshException">The file cannot be written.</exception>
    public int Forget(MachineName machine)
    {
        var removed = 0;
        if (File.Exists(_path))
            Rewrite(lines => removed = lines.RemoveAll(l => l.EndsWith(" " + Comment(machine), StringComparison.Ordinal)));
        return removed;
    }

    private static string Comment(MachineName machine) => $"sesh:{machine}";

    private void Rewrite(Action<List<string>> change)
    {
        var files = PosixFiles.Instance;
        try
        {
            var paths = new StorePaths(home);
            HomeFolder.Prepare(files, paths);
            using var held = files.Lock(paths.PeersLock);
            var before = files.Stat(_path) is null ? "" : Encoding.UTF8.GetString(files.Read(_path));
            var lines = before.Split('\n').ToList();
            if (lines[^1].Length == 0)
                lines.RemoveAt(lines.Count - 1);
            change(lines);
            var after = string.Concat(lines.Select(l => l + "\n"));
            if (after != before)
                files.Replace(_path, Encoding.UTF8.GetBytes(after));
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }
    }
}
