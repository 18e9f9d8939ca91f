using System.Globalization;
using Sesh.Processes;

namespace Sesh.Sessions.Doctor;

/// <summary>The folder all files lie in: whose it is, who may read it, and what kind of disk it is on.</summary>
internal static class HomeCheck
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const long LittleSpace = 64 << 20;

    private static readonly string[] NetworkFormats = ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afpfs", "webdav", "sshfs", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs"];

    public static IEnumerable<Finding> Look(string home)
    {
        if (File.Exists(home))
        {
            yield return Finding.Fail("home", $"{home} is a file", "move it away, or set SESH_HOME");
            yield break;
        }

        if (!Directory.Exists(home))
        {
            yield return Finding.Warn("home", $"{home} is not there yet", "\"sesh init\" makes it");
            yield break;
        }

        foreach (var finding in Owner(home).Concat(Modes(home)).Concat(Disk(home)).Append(Writable(home)))
            yield return finding;
    }

    private static IEnumerable<Finding> Owner(string home)
    {
        if (OperatingSystem.IsLinux() && FileIdentity.Of(home) is { } identity && identity.Owner != Libc.UserId())
            yield return Finding.Fail("home", $"{home} belongs to user {identity.Owner}", "set SESH_HOME to a folder of your own");
    }

    private static IEnumerable<Finding> Modes(string home)
    {
        var open = new List<string>();
        foreach (var path in Ours(home))
        {
            if (ModeOf(path) is { } mode && (mode & Others) != 0)
                open.Add(path);
        }

        if (open.Count == 0)
        {
            yield return Finding.Ok("home", $"{home}, readable by nobody else");
            yield break;
        }

        var first = Path.GetRelativePath(home, open[0]);
        var what = open.Count == 1 ? $"{(first == "." ? home : first)} is open to others" : $"{open.Count} files and folders are open to others, {(first == "." ? home : first)} among them";
        yield return Finding.Warn("home", what, "\"sesh doctor --repair --yes\" closes them", new Repair("take others' permissions from them", () => Close(open)));
    }

    /// <summary>What sesh itself wrote: not the user's links, nor what a copier left beside.</summary>
    private static IEnumerable<string> Ours(string home)
    {
        yield return home;
        foreach (var name in (string[])["own", "docs", "live", "turns", "cache", "quarantine", "kept"])
        {
            var folder = new DirectoryInfo(Path.Combine(home, name));
            if (!folder.Exists || folder.LinkTarget is not null)
                continue;
            yield return folder.FullName;
            foreach (var file in folder.EnumerateFiles())
            {
                if (file.LinkTarget is null)
                    yield return file.FullName;
            }
        }
    }

    private static UnixFileMode? ModeOf(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone since it was listed
        }
    }

    private static void Close(List<string> paths)
    {
        foreach (var path in paths)
        {
            if (!OperatingSystem.IsWindows() && ModeOf(path) is { } mode)
                File.SetUnixFileMode(path, mode & ~Others);
        }
    }

    private static IEnumerable<Finding> Disk(string home)
    {
        try
        {
            var drive = new DriveInfo(home);
            return [Kind(home, drive.DriveFormat), .. Space(drive.AvailableFreeSpace)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Some file systems have no name and no size to tell; that is worth a line, not a failure.
            return [Finding.Warn("disk", $"cannot tell what kind of disk {home} is on: {e.Message}")];
        }
    }

    private static Finding Kind(string home, string format) =>
        Array.Exists(NetworkFormats, n => n.Equals(format, StringComparison.OrdinalIgnoreCase))
            ? Finding.Warn("disk", $"{home} is on a network file system ({format}): locks and durability are only as good as it is",
                "set SESH_HOME to a local folder; other machines need no shared disk, they sync")
        : FoldsCase(home)
            ? Finding.Warn("disk", $"{home} is on a file system that does not tell upper from lower case ({format})", "machine names must differ in more than case")
        : Finding.Ok("disk", format);

    private static IEnumerable<Finding> Space(long free) => free >= LittleSpace
        ? []
        : [Finding.Fail("disk", string.Create(CultureInfo.InvariantCulture, $"{free >> 10} KiB are left on it"), "make room: nothing can be recorded on a full disk")];

    /// <summary>Asks by a file of ours under a name of the other case.</summary>
    private static bool FoldsCase(string home)
    {
        foreach (var name in (string[])["own", "docs", "live", "config.toml"])
        {
            if (Path.Exists(Path.Combine(home, name)))
                return Path.Exists(Path.Combine(home, name.ToUpperInvariant()));
        }

        return false;
    }

    private static Finding Writable(string home)
    {
        const int MayWrite = 2;
        foreach (var path in (string[])[home, Path.Combine(home, "own"), Path.Combine(home, "docs"), Path.Combine(home, "live")])
        {
            if (Path.Exists(path) && Libc.Access(path, MayWrite) != 0)
                return Finding.Fail("home", $"{path} cannot be written: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(System.Runtime.InteropServices.Marshal.GetLastPInvokeError())}",
                    "sessions can be looked at, nothing can be recorded");
        }

        return Finding.Ok("home", "writable");
    }
}
