using System.Text;

namespace Sesh.Agents.Claude;

/// <summary>Where Claude Code keeps things, by its own rules.</summary>
internal static class ClaudeFolders
{
    /// <summary>Longer project names are cut here and get a hash, so that they fit a file system's limit.</summary>
    private const int LongestName = 200;

    public static string Configuration(AgentEnvironment environment) => environment.Folder("CLAUDE_CONFIG_DIR", ".claude");

    public static string Projects(string configuration) => Path.Join(configuration, "projects");

    public static string Sessions(string configuration) => Path.Join(configuration, "sessions");

    /// <summary>The folder of a working directory (a real path): every UTF-16 unit but ASCII letters and digits becomes a dash. Not reversible.</summary>
    public static string ProjectName(string cwd)
    {
        var name = new StringBuilder(cwd.Length);
        foreach (var unit in cwd)
        {
            name.Append(char.IsAsciiLetterOrDigit(unit) ? unit : '-');
        }

        return name.Length <= LongestName ? name.ToString() : $"{name.ToString(0, LongestName)}-{Base36(Hash(cwd))}";
    }

    /// <summary>A transcript's id from its file name; null for what is no session (sub-agents and others lie in the same folders).</summary>
    public static string? IdOf(ReadOnlySpan<char> fileName) =>
        fileName.Length == 36 + 6 && fileName.EndsWith(".jsonl", StringComparison.Ordinal) && Guid.TryParseExact(fileName[..36], "D", out _) ? fileName[..36].ToString() : null;

    /// <summary>The 32-bit string hash known from Java, over UTF-16 units.</summary>
    private static int Hash(string text)
    {
        var hash = 0;
        foreach (var unit in text)
        {
            hash = unchecked((hash << 5) - hash + unit);
        }

        return hash;
    }

    private static string Base36(int hash)
    {
        var value = Math.Abs((long)hash);
        var digits = new Stack<char>();
        do
        {
            digits.Push("0123456789abcdefghijklmnopqrstuvwxyz"[(int)(value % 36)]);
            value /= 36;
        }
        while (value > 0);

        return new string(digits.ToArray());
    }
}
