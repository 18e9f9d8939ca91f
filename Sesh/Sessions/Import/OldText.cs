using System.Text;

namespace Sesh.Sessions.Import;

/// <summary>
/// Old text made fit to be recorded: an older store took names and tags that are refused today. What had to be changed or left is remarked on.
/// </summary>
internal static class OldText
{
    /// <summary>In text elements: people's own names may be longer than proposed ones.</summary>
    private const int MaxName = 200;

    private const int MaxPath = 4096;
    private const int MaxSummary = 16 * 1024;
    private const int MaxMeta = 64 * 1024;

    public static string Name(string name, List<string> remarks)
    {
        var line = ProposedName.OneLine(name, MaxName);
        if (line != name)
            remarks.Add("its name was made one short line");
        return line;
    }

    public static string Path(string path, List<string> remarks)
    {
        if (path.Length == 0 || (path.Length <= MaxPath && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal)))
            return Sound(path);
        remarks.Add("its cwd is no absolute path and was left");
        return "";
    }

    public static string Summary(string summary) => Sound(Cut(summary.Replace("\0", "", StringComparison.Ordinal), MaxSummary));

    public static IReadOnlyList<string> Tags(IReadOnlyList<string> tags, List<string> remarks)
    {
        var taken = new List<string>();
        foreach (var tag in tags)
        {
            var trimmed = Sound(tag.Trim());
            if (trimmed.Length is 0 or > 100 || trimmed.Contains(',', StringComparison.Ordinal) || trimmed.Any(char.IsControl))
                remarks.Add($"its tag \"{Cut(ProposedName.OneLine(tag), 40)}\" was left");
            else if (!taken.Contains(trimmed))
                taken.Add(trimmed);
        }

        return taken;
    }

    public static IEnumerable<KeyValuePair<string, string>> Meta(IReadOnlyList<KeyValuePair<string, string>> meta, List<string> remarks)
    {
        var taken = new Dictionary<string, string>();
        foreach (var (key, value) in meta)
        {
            if (key.Length is 0 or > 100 || key.Any(char.IsControl) || key.Contains('=', StringComparison.Ordinal) || value.Length > MaxMeta)
                remarks.Add($"its meta \"{Cut(ProposedName.OneLine(key), 40)}\" was left");
            else
                taken[Sound(key)] = Sound(value);
        }

        return taken;
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>Halves of surrogate pairs become U+FFFD: a document holds whole characters only.</summary>
    private static string Sound(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }
}
