using System.Globalization;
using System.Text;

namespace Sesh.Processes;

/// <summary>The exclusive flocks of <c>/proc/locks</c>: <c>1: FLOCK  ADVISORY  WRITE 123 08:01:4711 0 EOF</c>, the file as major:minor:inode.</summary>
internal sealed class ProcLocks
{
    private readonly List<(long Inode, string Device, int Pid)> _held = [];

    private ProcLocks()
    {
    }

    public static ProcLocks Parse(ReadOnlySpan<byte> text)
    {
        var locks = new ProcLocks();
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // A waiter's line has "->" behind its number.
            if (fields.Length < 6 || fields[1] != "FLOCK" || fields[3] != "WRITE")
                continue;
            var inode = fields[5].LastIndexOf(':');
            if (inode > 0 && int.TryParse(fields[4], CultureInfo.InvariantCulture, out var pid) && pid > 0
                && long.TryParse(fields[5].AsSpan(inode + 1), CultureInfo.InvariantCulture, out var number))
            {
                locks._held.Add((number, fields[5][..inode], pid));
            }
        }

        return locks;
    }

    /// <summary>Who holds the file. On file systems whose locks bear another device number than their files do (btrfs, overlays), who has it open decides.</summary>
    public int? Holder(string path, Func<int, IReadOnlyList<string>> openFiles)
    {
        if (_held.Count == 0 || FileIdentity.Of(path) is not { } file)
            return null;
        var device = string.Create(CultureInfo.InvariantCulture, $"{file.Major:x2}:{file.Minor:x2}");
        foreach (var (inode, at, pid) in _held)
        {
            if (inode == file.Inode && (at == device || openFiles(pid).Contains(path)))
                return pid;
        }

        return null;
    }
}
