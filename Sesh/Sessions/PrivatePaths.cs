namespace Sesh.Sessions;

/// <summary>
/// <c>[privacy] paths</c>: folders whose sessions never leave this machine. <c>~</c> is the home folder, <c>*</c> any run within one folder's name,
/// <c>**</c> any number of folders; a folder that matches covers all that lies in it.
/// </summary>
internal sealed class PrivatePaths(IReadOnlyList<string> patterns, string userHome)
{
    private readonly List<string[]> _patterns = patterns.Select(p => Segments(Expand(p, userHome))).Where(s => s.Length > 0).ToList();

    public bool Cover(string cwd)
    {
        if (_patterns.Count == 0 || cwd.Length == 0)
            return false;
        var path = Segments(cwd);
        return _patterns.Exists(p => Matches(p, path));
    }

    private static string Expand(string pattern, string home) =>
        pattern == "~" ? home : pattern.StartsWith("~/", StringComparison.Ordinal) ? home + pattern[1..] : pattern;

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
            return true;
        if (pattern[0] == "**")
        {
            for (var skip = 0; skip <= path.Length; skip++)
            {
                if (Matches(pattern[1..], path[skip..]))
                    return true;
            }

            return false;
        }

        return !path.IsEmpty && Name(pattern[0], path[0]) && Matches(pattern[1..], path[1..]);
    }

    /// <summary>Goes back to the last <c>*</c> only, so it is never more than length × length.</summary>
    private static bool Name(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
