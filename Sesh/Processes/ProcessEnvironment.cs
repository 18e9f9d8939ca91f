using System.Collections;

namespace Sesh.Processes;

/// <summary>Environments as lists of <c>NAME=value</c>.</summary>
internal static class ProcessEnvironment
{
    public static IReadOnlyCollection<string> Own() => Edited(new Dictionary<string, string>(), []);

    /// <summary>Our own without <paramref name="unset"/> (a trailing <c>*</c> is a prefix), then with <paramref name="set"/>.</summary>
    public static IReadOnlyCollection<string> Edited(IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> unset)
    {
        var own = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            own.Add($"{variable.Key}={variable.Value}");
        return Edited(own, set, unset);
    }

    /// <summary>The same, of another environment than our own.</summary>
    public static IReadOnlyCollection<string> Edited(IReadOnlyCollection<string> from, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> unset)
    {
        var variables = new List<string>();
        foreach (var variable in from)
        {
            var name = variable[..Math.Max(variable.IndexOf('='), 0)];
            if (!set.ContainsKey(name) && !Matches(name, unset))
                variables.Add(variable);
        }

        foreach (var (name, value) in set)
            variables.Add($"{name}={value}");
        return variables;
    }

    /// <summary>Is the name among these? A trailing <c>*</c> makes a prefix.</summary>
    public static bool Matches(string name, IReadOnlyCollection<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*') ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : name == pattern)
                return true;
        }

        return false;
    }
}
