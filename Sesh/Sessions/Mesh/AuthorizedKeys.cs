using System.Globalization;
using System.Text;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>What became of a line of authorized_keys.</summary>
/// <param name="Changed">False where it stood there already.</param>
/// <param name="Names">Whose grant it is now, and whose it was: see <see cref="GrantMarks"/>.</param>
internal sealed record Authorized(string Path, string Line, bool Changed, IReadOnlyList<string> Names);

/// <summary>What one line lets a machine do here over links that it dials.</summary>
/// <param name="Place"><c>PATH:LINE</c>.</param>
internal sealed record AuthorizedGrant(string Place, Grant Grant);

/// <summary>This user's <c>~/.ssh/authorized_keys</c>: one line a key, replaced in one step. Lines of others stay as they are.</summary>
internal sealed class AuthorizedKeys(string userHome)
{
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerEnters = OwnerReads | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const string Mark = " sesh:";

    /// <summary>Lets a key run one command and nothing else.</summary>
    /// <param name="command">For the login shell.</param>
    /// <param name="name">For the comment, by which the line is found again.</param>
    /// <exception cref="SeshException"><c>key-authorized</c>: the key may log in without limits already; or the file cannot be written.</exception>
    public Authorized Authorize(HostKey key, string command, string name)
    {
        var line = $"restrict,command=\"{command.Replace("\"", "\\\"", StringComparison.Ordinal)}\" {key.Line}{Mark}{name}";
        try
        {
            var path = Prepare();
            var lines = File.Exists(path) ? File.ReadAllText(path).Split('\n').ToList() : [];
            if (lines.Count > 0 && lines[^1].Length == 0)
                lines.RemoveAt(lines.Count - 1);
            if (Put(lines, key, line, path) is not { } before)
                return new Authorized(path, line, Changed: false, [name]);
            Replace(path, lines);
            return new Authorized(path, line, Changed: true, before.Length == 0 || before == name ? [name] : [name, before]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("io", $"cannot write {Path.Join(userHome, ".ssh", "authorized_keys")}: {e.Message.TrimEnd('.')}", "make it writable for you", inner: e);
        }
    }

    /// <summary>Lines of ours for that name, as <c>PATH:LINE</c>; with <paramref name="takeOut"/> they are there no more.</summary>
    /// <exception cref="SeshException">The file cannot be read or written.</exception>
    public IReadOnlyList<string> Of(string name, bool takeOut)
    {
        var path = Path.Join(userHome, ".ssh", "authorized_keys");
        try
        {
            if (!File.Exists(path))
                return [];
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            var lines = File.ReadAllText(path).Split('\n');
            var found = Enumerable.Range(0, lines.Length).Where(i => KeyIn(lines[i]) is not null && lines[i].Contains(Mark, StringComparison.Ordinal) && NameOf(lines[i]) == name).ToHashSet();
            if (takeOut && found.Count > 0)
                Replace(path, [.. lines.Where((l, i) => !found.Contains(i) && (l.Length > 0 || i < lines.Length - 1))]);
            return [.. found.Order().Select(i => string.Create(CultureInfo.InvariantCulture, $"{path}:{i + 1}"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("io", $"cannot {(takeOut ? "change" : "read")} {path}: {e.Message.TrimEnd('.')}", "look at the file and its folder", inner: e);
        }
    }

    /// <summary>What those lines let that machine do, in their order.</summary>
    /// <exception cref="SeshException">The file cannot be read.</exception>
    public IReadOnlyList<AuthorizedGrant> GrantsOf(string name)
    {
        var grants = new List<AuthorizedGrant>();
        foreach (var place in Of(name, takeOut: false))
        {
            var colon = place.LastIndexOf(':');
            var line = File.ReadLines(place[..colon]).ElementAtOrDefault(int.Parse(place.AsSpan(colon + 1), CultureInfo.InvariantCulture) - 1);
            if (line is not null && GrantIn(line) is { } grant)
                grants.Add(new AuthorizedGrant(place, grant));
        }

        return grants;
    }

    // As ServeCommand writes it. What somebody else made of the line is not ours to understand.
    private static Grant? GrantIn(string line)
    {
        const string Option = " --allow ";
        var at = line.IndexOf(Option, StringComparison.Ordinal);
        return at >= 0 && Grants.TryParse(line[(at + Option.Length)..].Split('"', ' ')[0], out var grant) ? grant : null;
    }

    // sshd takes the first line that has the key, whatever stands behind. Null where that is ours as it should be, else whose the line was; empty where there was none.
    private static string? Put(List<string> lines, HostKey key, string line, string path)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (KeyIn(lines[i]) != key)
                continue;
            if (lines[i] == line)
                return null;
            if (!lines[i].Contains(Mark, StringComparison.Ordinal))
            {
                throw new SeshException(
                    "key-authorized", $"that key may log in already, by {path}:{i + 1}, and that line is not sesh's: whatever it allows holds",
                    "take that line out first, or use another key for the link");
            }

            var before = NameOf(lines[i]);
            lines[i] = line;
            return before;
        }

        lines.Add(line);
        return "";
    }

    // Somebody may have written something behind it.
    private static string NameOf(string line)
    {
        var name = line[(line.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Split(' ')[0];
        return MachineName.TryParse(name, out _) ? name : "";
    }

    /// <summary>The key of a line: at its beginning, or behind options, in which blanks stand between quotes alone.</summary>
    internal static HostKey? KeyIn(string line)
    {
        var rest = line.AsSpan().Trim();
        if (rest.IsEmpty || rest[0] == '#')
            return null;
        if (HostKey.TryParseLine(rest, out var key))
            return key;
        var quoted = false;
        var end = 0;
        for (; end < rest.Length && (quoted || rest[end] is not (' ' or '\t')); end++)
        {
            if (rest[end] == '\\' && end + 1 < rest.Length && rest[end + 1] == '"')
                end++;
            else if (rest[end] == '"')
                quoted = !quoted;
        }

        return end < rest.Length && HostKey.TryParseLine(rest[end..], out key) ? key : null;
    }

    // Where the file itself lies: it may be a link into somebody's dotfiles.
    private string Prepare()
    {
        var folder = Directory.CreateDirectory(Path.Join(userHome, ".ssh"), OwnerEnters);
        if ((folder.UnixFileMode & OthersWrite) != 0)
            folder.UnixFileMode &= ~OthersWrite;
        var path = Path.Join(folder.FullName, "authorized_keys");
        return new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
    }

    private static void Replace(string path, List<string> lines)
    {
        var mode = File.Exists(path) ? File.GetUnixFileMode(path) & ~OthersWrite : OwnerReads;
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerReads }))
            {
                file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
                file.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(beside, mode);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
