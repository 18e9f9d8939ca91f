namespace Sesh.FakeAgents;

/// <summary>A command line as the agents read it: <c>--name value</c>, <c>--name=value</c>, flags, words.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _flags = [];

    public Arguments(string[] arguments, IReadOnlyCollection<string> withValue)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                Words.AddRange(arguments[(i + 1)..]);
                break;
            }

            var equals = argument.IndexOf('=');
            if (argument.StartsWith("--", StringComparison.Ordinal) && equals > 0)
            {
                _values[argument[..equals]] = argument[(equals + 1)..];
            }
            else if (withValue.Contains(argument) && i + 1 < arguments.Length)
            {
                _values[argument] = arguments[++i];
            }
            else if (argument.StartsWith('-'))
            {
                _flags.Add(argument);
            }
            else
            {
                Words.Add(argument);
            }
        }
    }

    public List<string> Words { get; } = [];

    public string? this[params ReadOnlySpan<string> names]
    {
        get
        {
            foreach (var name in names)
            {
                if (_values.TryGetValue(name, out var value))
                {
                    return value;
                }
            }

            return null;
        }
    }

    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_flags.Contains(name))
            {
                return true;
            }
        }

        return false;
    }
}
