using Sesh.Config;

namespace Sesh.Commands;

/// <summary>What <c>--columns</c> asks for.</summary>
internal static class ChosenColumns
{
    public static IReadOnlyList<string> Of(string text)
    {
        var columns = new List<string>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            columns.Add(SessionField.Named(name) ?? throw new UsageException(
                name.Length == 0 ? "--columns has an empty name" : $"unknown column: {name}",
                (Nearest.To(name, SessionField.Columns) is { } near ? $"did you mean {near}? " : "") + $"known: {string.Join(", ", SessionField.Columns)}"));
        }

        return columns;
    }
}
