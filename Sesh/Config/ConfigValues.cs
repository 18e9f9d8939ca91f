namespace Sesh.Config;

/// <summary>The values of a configuration by dotted name, checked; those in lists of sections are kept a row each, texts alone.</summary>
internal sealed class ConfigValues
{
    private readonly Dictionary<string, object> _values = [];

    private readonly List<ConfigRow> _rows = [];

    public ConfigRow AddRow(string section, int line, int column)
    {
        _rows.Add(new ConfigRow(section, line, column, []));
        return _rows[^1];
    }

    /// <summary>The sections of that list, in the file's order.</summary>
    public IEnumerable<ConfigRow> Rows(string section) => _rows.Where(r => r.Section == section);

    public void Set(string name, object value) => _values[name] = value;

    public string? Text(string name) => _values.GetValueOrDefault(name) as string;

    /// <summary>False where it is not set.</summary>
    public bool Flag(string name) => _values.GetValueOrDefault(name) is true;

    public IReadOnlyList<string> List(string name) => _values.GetValueOrDefault(name) as IReadOnlyList<string> ?? [];

    /// <summary>All texts under a prefix, by what follows it.</summary>
    public IReadOnlyDictionary<string, string> Texts(string prefix)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (name, value) in _values)
        {
            if (value is string text && name.StartsWith(prefix, StringComparison.Ordinal))
                texts[name[prefix.Length..]] = text;
        }

        return texts;
    }
}
