using System.Globalization;
using System.IO.Enumeration;
using System.Text;

namespace Sesh.Processes;

/// <summary>Linux: <c>/proc</c>. The table is read at the first question about parents and children; questions about one process read that process only.</summary>
internal sealed unsafe class ProcTable : IProcesses
{
    private const int MaxPath = 4096;

    private readonly string _root;
    private readonly Dictionary<int, byte[]> _arguments = [];
    private readonly Dictionary<int, byte[]> _environments = [];
    private Dictionary<int, ProcessRow>? _rows;
    private Dictionary<int, List<ProcessRow>>? _children;
    private ProcLocks? _locks;

    public ProcTable(string root = "/proc") => _root = root;

    public IReadOnlyCollection<ProcessRow> All => Rows.Values;

    private Dictionary<int, ProcessRow> Rows => _rows ??= ReadAll();

    public ProcessRow? Find(int pid) => _rows is null ? ReadOne(pid) : _rows.GetValueOrDefault(pid);

    public IReadOnlyList<ProcessRow> Children(int pid)
    {
        if (_children is null)
        {
            _children = [];
            foreach (var row in Rows.Values)
            {
                if (!_children.TryGetValue(row.ParentPid, out var siblings))
                    _children[row.ParentPid] = siblings = [];
                siblings.Add(row);
            }

            foreach (var siblings in _children.Values)
                siblings.Sort((a, b) => a.Pid.CompareTo(b.Pid));
        }

        return _children.TryGetValue(pid, out var children) ? children : [];
    }

    public IReadOnlyList<string> Arguments(int pid) => Split(ReadOnce(_arguments, pid, "cmdline"));

    public string? Variable(int pid, string name)
    {
        ReadOnlySpan<byte> rest = ReadOnce(_environments, pid, "environ");
        var wanted = Encoding.UTF8.GetBytes(name + "=");
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var entry = end < 0 ? rest : rest[..end];
            if (entry.StartsWith(wanted))
                return Encoding.UTF8.GetString(entry[wanted.Length..]);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return null;
    }

    public string? WorkingDirectory(int pid) => LinkTarget(Of(pid, "cwd"));

    public string? Executable(int pid) => LinkTarget(Of(pid, "exe"));

    public IReadOnlyList<string> OpenFiles(int pid)
    {
        var files = new List<string>();
        var folder = Of(pid, "fd");
        try
        {
            foreach (var name in new FileSystemEnumerable<string>(folder, (ref FileSystemEntry e) => e.FileName.ToString()))
            {
                // Sockets and pipes read "socket:[…]"; only what begins at the root is a file.
                if (LinkTarget(string.Concat(folder, "/", name)) is ['/', ..] target)
                    files.Add(target);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or somebody else's process: it shows nothing.
        }

        return files;
    }

    public int? LockHolder(string path) => (_locks ??= ProcLocks.Parse(SmallFile.Read(Path.Join(_root, "locks")))).Holder(path, OpenFiles);

    public bool HasLostTerminal(int pid)
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            // The name of a pseudo-terminal goes with whoever had opened it.
            if (LinkTarget(Of(pid, string.Create(CultureInfo.InvariantCulture, $"fd/{descriptor}"))) is { } target
                && target.StartsWith("/dev/pts/", StringComparison.Ordinal) && target.EndsWith(" (deleted)", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsOwn(int pid) => FileIdentity.Of(string.Create(CultureInfo.InvariantCulture, $"{_root}/{pid}"))?.Owner == Libc.UserId();

    private string Of(int pid, string file) => string.Create(CultureInfo.InvariantCulture, $"{_root}/{pid}/{file}");

    private Dictionary<int, ProcessRow> ReadAll()
    {
        var rows = new Dictionary<int, ProcessRow>();
        // Without attributes to skip, which it would ask of each link there.
        var all = new EnumerationOptions { AttributesToSkip = 0 };
        var pids = new FileSystemEnumerable<int>(_root, (ref FileSystemEntry e) => int.Parse(e.FileName, CultureInfo.InvariantCulture), all)
        {
            ShouldIncludePredicate = (ref FileSystemEntry e) => int.TryParse(e.FileName, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        };
        foreach (var pid in pids)
        {
            if (ReadOne(pid) is { } row)
                rows[pid] = row;
        }

        return rows;
    }

    private ProcessRow? ReadOne(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var count = ReadInto(Of(pid, "stat"), buffer);
        return count > 0 ? ProcStat.Parse(buffer[..count]) : null;
    }

    private static int ReadInto(string path, Span<byte> buffer)
    {
        var descriptor = Libc.Open(path, Libc.CloseOnExec);
        if (descriptor < 0)
            return -1;
        nint count;
        fixed (byte* at = buffer)
            count = Libc.Read(descriptor, at, (nuint)buffer.Length);
        _ = Libc.Close(descriptor);
        return (int)count;
    }

    /// <summary>Everything a process was asked about at one time: each file is read once a table.</summary>
    private byte[] ReadOnce(Dictionary<int, byte[]> read, int pid, string file)
    {
        if (!read.TryGetValue(pid, out var bytes))
            read[pid] = bytes = SmallFile.Read(Of(pid, file));
        return bytes;
    }

    // Null where it is gone meanwhile, or not ours to read. By one call: a FileInfo takes four to say the same.
    private static string? LinkTarget(string path)
    {
        Span<byte> buffer = stackalloc byte[MaxPath];
        nint length;
        fixed (byte* at = buffer)
            length = Libc.ReadLink(path, at, (nuint)buffer.Length);
        return length > 0 ? Encoding.UTF8.GetString(buffer[..(int)length]) : null;
    }

    private static List<string> Split(ReadOnlySpan<byte> zeroEnded)
    {
        var parts = new List<string>();
        while (!zeroEnded.IsEmpty)
        {
            var end = zeroEnded.IndexOf((byte)0);
            parts.Add(Encoding.UTF8.GetString(end < 0 ? zeroEnded : zeroEnded[..end]));
            zeroEnded = end < 0 ? [] : zeroEnded[(end + 1)..];
        }

        return parts;
    }
}
