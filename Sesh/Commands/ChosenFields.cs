using Sesh.Config;

namespace Sesh.Commands;

/// <summary>What <c>--fields</c> asks for.</summary>
internal static class ChosenFields
{
    /// <summary>Null for all, and for <c>help</c>, which <see cref="Context.Prepare"/> answers.</summary>
    public static IReadOnlyList<string>? Of(CommandLine line)
    {
        if (Globals.ValueOf(line.Parse, line.Globals.Fields) is not { } text || line.Verb is not { } verb || text == "help")
            return null;
        var known = verb.JsonFields;
        var chosen = new List<string>();
        foreach (var name in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            chosen.Add(known.FirstOrDefault(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new UsageException($"{verb.Name} has no field {name}", Nearest.To(name, known) is { } near ? $"did you mean {near}?" : $"known: {string.Join(", ", known)}"));
        }

        return chosen.Count > 0 ? chosen : throw new UsageException("--fields names no field", $"known: {string.Join(", ", known)}");
    }
}
