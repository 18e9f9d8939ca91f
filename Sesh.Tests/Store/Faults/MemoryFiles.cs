using System.Runtime.InteropServices;
using Sesh.Sync.Store.Files;

namespace Sesh.Tests.Store.Faults;

/// <summary>
/// A file system in memory that counts its changing calls, fails or crashes at one of them, and knows what a power cut leaves: the content last synced
/// and anything of what was written since, and the names as a synced folder held them and a beginning of what was done to them since.
/// </summary>
internal sealed class MemoryFiles : IStoreFiles
{
    private readonly Dictionary<string, MemoryNode> _names = [];
    private readonly Dictionary<string, MemoryNode> _durableNames = [];
    private readonly Dictionary<string, List<Action<Dictionary<string, MemoryNode>>>> _pendingNames = [];
    private readonly HashSet<string> _locked = [];
    private long _lastInode = 100;

    public MemoryFiles() => AddFolder("/", durable: true);

    /// <summary>Changing calls so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Crash before this call, counted from 1; in the middle of it where it writes.</summary>
    public int CrashAt { get; set; } = int.MaxValue;

    /// <summary>Fail this call, and every later one where <see cref="FailsForGood"/>.</summary>
    public int FailAt { get; set; } = int.MaxValue;

    public bool FailsForGood { get; set; }

    public FileFault Fault { get; set; } = FileFault.NoSpace;

    /// <summary>A write that fails has written half.</summary>
    public bool IsShort { get; set; } = true;

    public FileFacts? Stat(string path) => _names.TryGetValue(path, out var node) ? node.Facts() : null;

    public IReadOnlyList<string> List(string folder) =>
        [.. _names.Keys.Where(p => Path.GetDirectoryName(p) == folder).Select(p => Path.GetFileName(p))];

    public byte[] Read(string path, long from = 0)
    {
        var content = CollectionsMarshal.AsSpan(Node(path).Content);
        return from >= content.Length ? [] : content[(int)from..].ToArray();
    }

    public IStoreFile Append(string path) => new MemoryFile(this, _names.TryGetValue(path, out var node) ? node : Make(path), path);

    public IStoreFile Create(string path)
    {
        var node = _names.TryGetValue(path, out var there) ? there : Make(path);
        Step(path);
        node.Content.Clear();
        return new MemoryFile(this, node, path);
    }

    public IDisposable Lock(string path)
    {
        if (!_names.ContainsKey(path))
            Make(path);
        if (!_locked.Add(path))
            throw new InvalidOperationException($"{path} is locked already, and nobody else can let it go");
        return new Unlock(() => _locked.Remove(path));
    }

    public IDisposable? TryLock(string path)
    {
        Node(path);
        return _locked.Add(path) ? new Unlock(() => _locked.Remove(path)) : null;
    }

    public void Rename(string from, string to)
    {
        Step(to);
        var node = Node(from);
        Change(to, names =>
        {
            // Journals keep a rename whole.
            if (names.Remove(from))
                names[to] = node;
        });
    }

    public void Remove(string path)
    {
        if (!_names.ContainsKey(path))
            return;
        Step(path);
        Change(path, names => names.Remove(path));
    }

    public void SyncFolder(string path)
    {
        Step(path);
        Node(path);
        foreach (var change in _pendingNames.GetValueOrDefault(path, []))
            change(_durableNames);
        _pendingNames.Remove(path);
    }

    public void MakeFolder(string path)
    {
        if (_names.ContainsKey(path))
            return;
        Step(path);
        Node(Path.GetDirectoryName(path)!);
        AddFolder(path, durable: false);
    }

    public void SetMode(string path, uint mode) => Node(path).Mode = mode;

    /// <summary>The machine as it comes up again after a power cut. <paramref name="luck"/> decides how much of what was not synced is there.</summary>
    public MemoryFiles AfterPowerCut(Random luck)
    {
        var after = new MemoryFiles();
        var names = new Dictionary<string, MemoryNode>(_durableNames);
        foreach (var (_, changes) in _pendingNames)
        {
            foreach (var change in changes.Take(luck.Next(changes.Count + 1)))
                change(names);
        }

        var copies = new Dictionary<MemoryNode, MemoryNode>();
        foreach (var (path, node) in names)
        {
            if (!copies.TryGetValue(node, out var copy))
                copies[node] = copy = node.AfterPowerCut(luck);
            // What lay in a folder whose own name was lost is lost with it.
            if (path == "/" || names.ContainsKey(Path.GetDirectoryName(path)!))
                after._names[path] = after._durableNames[path] = copy;
        }

        after._lastInode = _lastInode;
        return after;
    }

    /// <summary>The same machine after the process alone died: nothing written is lost.</summary>
    public MemoryFiles AfterKill()
    {
        var after = new MemoryFiles { _lastInode = _lastInode };
        foreach (var (path, node) in _names)
            after._names[path] = after._durableNames[path] = node.Whole();
        return after;
    }

    /// <summary>Puts a file there as if it had always been.</summary>
    public void Put(string path, byte[] content)
    {
        var node = new MemoryNode(++_lastInode, FileKind.File);
        node.Content.AddRange(content);
        node.Sync();
        _names[path] = _durableNames[path] = node;
    }

    internal void Step(string path, Action? half = null)
    {
        Steps++;
        if (Steps == CrashAt)
        {
            half?.Invoke();
            throw new PowerCutException();
        }

        if (Steps != FailAt && !(FailsForGood && Steps > FailAt))
            return;
        if (IsShort)
            half?.Invoke();
        throw new StoreFileException(Fault, path, Fault == FileFault.NoSpace ? "No space left on device" : "Input/output error");
    }

    private MemoryNode Node(string path) =>
        _names.TryGetValue(path, out var node) ? node : throw new StoreFileException(FileFault.Missing, path, "No such file or directory");

    private MemoryNode Make(string path)
    {
        Step(path);
        Node(Path.GetDirectoryName(path)!);
        var node = new MemoryNode(++_lastInode, FileKind.File);
        Change(path, names => names[path] = node);
        return node;
    }

    private void AddFolder(string path, bool durable)
    {
        var node = new MemoryNode(++_lastInode, FileKind.Folder);
        _names[path] = node;
        if (durable)
            _durableNames[path] = node;
        else
            Pend(path, names => names[path] = node);
    }

    private void Change(string path, Action<Dictionary<string, MemoryNode>> change)
    {
        change(_names);
        Pend(path, change);
    }

    private void Pend(string path, Action<Dictionary<string, MemoryNode>> change)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!_pendingNames.TryGetValue(folder, out var pending))
            _pendingNames.Add(folder, pending = []);
        pending.Add(change);
    }

    private sealed class Unlock(Action unlock) : IDisposable
    {
        public void Dispose() => unlock();
    }
}

/// <summary>The power went. No code under test may catch it for what it is.</summary>
internal sealed class PowerCutException : Exception;
