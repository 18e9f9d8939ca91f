using System.Globalization;

namespace Sesh.Sessions;

/// <summary>A fork's name: its origin's with <c>(fork)</c> behind it, or <c>(fork 2)</c> and so on, so that no two rows of a list look alike.</summary>
internal static class ForkName
{
    private const string Mark = " (fork";

    /// <param name="name">The origin's; empty where it has none, and then the fork has none either.</param>
    /// <param name="taken">Names in use.</param>
    public static string Of(string name, IEnumerable<string> taken)
    {
        if (name.Length == 0)
            return "";
        var origin = Origin(name);
        var used = taken.Where(t => t.StartsWith(origin, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        used.Add(name);
        var fork = $"{origin}{Mark})";
        for (var number = 2; used.Contains(fork); number++)
            fork = string.Create(CultureInfo.InvariantCulture, $"{origin}{Mark} {number})");
        return fork;
    }

    /// <summary>A fork's fork is one more fork of the same origin.</summary>
    private static string Origin(string name)
    {
        var at = name.LastIndexOf(Mark, StringComparison.Ordinal);
        if (at <= 0 || !name.EndsWith(')'))
            return name;
        var number = name.AsSpan(at + Mark.Length)[..^1];
        return number.IsEmpty || (number[0] == ' ' && int.TryParse(number[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? name[..at] : name;
    }
}
