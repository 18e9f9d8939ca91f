namespace Sesh.Sync.Transports;

/// <summary>What programs said on standard error, for one line of ours.</summary>
internal static class SshWords
{
    private const int MostLength = 300;

    /// <summary>The last line that says something, without control characters; "it said nothing" where none does.</summary>
    public static string Last(string text)
    {
        var line = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it said nothing";
        if (line.StartsWith("ssh: ", StringComparison.Ordinal) || line.StartsWith("sesh: ", StringComparison.Ordinal))
            line = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        line = string.Concat(line.Select(c => char.IsControl(c) ? '?' : c)).TrimEnd('.');
        return line.Length <= MostLength ? line : line[..MostLength] + "…";
    }
}
