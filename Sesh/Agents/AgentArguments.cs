namespace Sesh.Agents;

/// <summary>Reading an agent's command line as its own parser would, and writing one that cannot be misread.</summary>
internal static class AgentArguments
{
    /// <summary>The value of the first of these options, as <c>--name value</c> or <c>--name=value</c>; null where there is none. What follows <c>--</c> is text.</summary>
    public static string? ValueOf(IReadOnlyList<string> arguments, params ReadOnlySpan<string> options)
    {
        for (var i = 1; i < arguments.Count && arguments[i] != "--"; i++)
        {
            foreach (var option in options)
            {
                if (arguments[i] == option)
                {
                    return i + 1 < arguments.Count ? arguments[i + 1] : null;
                }

                if (option.StartsWith("--", StringComparison.Ordinal) && arguments[i].StartsWith(option, StringComparison.Ordinal) && arguments[i].AsSpan(option.Length) is ['=', .. var value])
                {
                    return value.ToString();
                }
            }
        }

        return null;
    }

    public static bool Has(IReadOnlyList<string> arguments, string option)
    {
        for (var i = 1; i < arguments.Count && arguments[i] != "--"; i++)
        {
            if (arguments[i] == option)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the agent's own arguments begin: 2 for a script run by node or bun, else 1.</summary>
    public static IReadOnlyList<string> OfScript(IReadOnlyList<string> arguments) =>
        arguments.Count > 1 && Path.GetFileName(arguments[0]) is "node" or "bun" && !arguments[1].StartsWith('-') ? [.. arguments.Skip(1)] : arguments;

    /// <summary>Adds an option and its value; a value that begins with a dash is bound to its option, lest it be taken for one.</summary>
    public static void Add(List<string> arguments, string option, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (value[0] == '-')
        {
            arguments.Add($"{option}={value}");
        }
        else
        {
            arguments.Add(option);
            arguments.Add(value);
        }
    }
}
