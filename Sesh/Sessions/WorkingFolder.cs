using Sesh.Sync;

namespace Sesh.Sessions;

/// <summary>The folder an agent is to work in.</summary>
internal static class WorkingFolder
{
    /// <summary>Absolute, links resolved, and there.</summary>
    public static string Resolve(string? given, string current)
    {
        if (given is { Length: 0 })
            throw new SeshException("bad-cwd", "the folder is empty", "give --cwd DIR, or leave it out for the current folder", exitCode: 2);
        var path = Path.GetFullPath(given ?? current, current);
        if (File.Exists(path))
            throw new SeshException("bad-cwd", $"not a folder: {path}");
        if (!Directory.Exists(path))
            throw new SeshException("bad-cwd", $"no such folder: {path}", "make it first, or give another with --cwd");
        return RealPath(path);
    }

    /// <summary>Every link on the way resolved, as getcwd(2) would answer there.</summary>
    private static string RealPath(string path)
    {
        var resolved = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Join(resolved, part);
            resolved = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : next;
        }

        return resolved;
    }
}
