using Sesh.Sync.Documents;
using Tomlyn.Syntax;

namespace Sesh.Config;

/// <summary>Walks a parsed <c>config.toml</c> beside the keys it may have; throws at the first that is unknown or holds the wrong kind.</summary>
internal sealed class ConfigReader(string path)
{
    private readonly ConfigValues _values = new();

    /// <summary>The section of a list of sections that is being read; null outside.</summary>
    private ConfigRow? _row;

    public ConfigValues Read(DocumentSyntax document)
    {
        var root = ConfigKeys.Root();
        foreach (var item in document.KeyValues)
            Item(item, root, "", keep: true);
        foreach (var table in document.Tables)
        {
            var key = root;
            var prefix = "";
            var parts = Parts(table.Name!);
            for (var i = 0; i < parts.Count; i++)
            {
                key = Child(key, parts[i].Name, prefix, parts[i].Node);
                prefix += parts[i].Name + ".";
                if (key.Kind is not (ConfigKind.Table or ConfigKind.Tables))
                    throw Fault(parts[i].Node, $"{Dotted(prefix)} is {Described(key.Kind)}, not a section");
            }

            var array = table is TableArraySyntax;
            if (array != (key.Kind == ConfigKind.Tables))
                throw Fault(parts[^1].Node, array ? $"{Dotted(prefix)} is one section: write [{Dotted(prefix)}]" : $"{Dotted(prefix)} is a list of sections: write [[{Dotted(prefix)}]]");
            _row = array ? _values.AddRow(Dotted(prefix), table.Span.Start.Line + 1, table.Span.Start.Column + 1) : null;
            foreach (var item in table.Items)
                Item(item, key, prefix, keep: !array);
            _row = null;
        }

        return _values;
    }

    private void Item(KeyValueSyntax item, ConfigKey parent, string prefix, bool keep)
    {
        var key = parent;
        foreach (var (name, node) in Parts(item.Key!))
        {
            key = Child(key, name, prefix, node);
            prefix += name + ".";
        }

        Value(item.Value!, key, prefix, keep);
    }

    private void Value(ValueSyntax value, ConfigKey key, string prefix, bool keep)
    {
        switch (key.Kind)
        {
            case ConfigKind.Table when value is InlineTableSyntax table:
                foreach (var item in table.Items)
                    Item(item.KeyValue!, key, prefix, keep);
                return;
            case ConfigKind.Tables when value is ArraySyntax array:
                foreach (var element in array.Items)
                {
                    if (element.Value is not InlineTableSyntax row)
                        throw Fault(element, $"{Dotted(prefix)} holds sections only");
                    _row = _values.AddRow(Dotted(prefix), row.Span.Start.Line + 1, row.Span.Start.Column + 1);
                    foreach (var item in row.Items)
                        Item(item.KeyValue!, key, prefix, keep: false);
                    _row = null;
                }

                return;
            case ConfigKind.Texts when value is ArraySyntax array:
                var texts = new List<string>();
                foreach (var element in array.Items)
                    texts.Add(element.Value is StringValueSyntax text ? text.Value ?? "" : throw Fault(element, $"{Dotted(prefix)} holds texts only"));
                Keep(prefix, texts, keep);
                return;
            case ConfigKind.Boolean when value is BooleanValueSyntax flag:
                Keep(prefix, flag.Value, keep);
                return;
            case ConfigKind.Text or ConfigKind.AbsolutePath or ConfigKind.MachineName when value is StringValueSyntax text:
                Check(text, key.Kind, prefix);
                Keep(prefix, text.Value ?? "", keep, text);
                return;
            default:
                throw Fault(value, $"{Dotted(prefix)} must be {Described(key.Kind)}");
        }
    }

    private void Check(StringValueSyntax value, ConfigKind kind, string prefix)
    {
        var text = value.Value ?? "";
        if (kind == ConfigKind.MachineName && !MachineName.TryParse(text, out _))
            throw Fault(value, $"not a machine name: {text}", $"a name is {MachineName.Rule}");
        if (kind == ConfigKind.AbsolutePath && !text.StartsWith('/') && !text.StartsWith("~/", StringComparison.Ordinal))
            throw Fault(value, $"{Dotted(prefix)} must be an absolute path: {text}");
    }

    private void Keep(string prefix, object value, bool keep, SyntaxNodeBase? at = null)
    {
        if (keep)
            _values.Set(Dotted(prefix), value);
        else if (value is string text && at is not null)
            _row?.Texts.TryAdd(Dotted(prefix)[(Dotted(prefix).LastIndexOf('.') + 1)..], (text, at.Span.Start.Line + 1, at.Span.Start.Column + 1));
    }

    private ConfigKey Child(ConfigKey parent, string name, string prefix, SyntaxNode node)
    {
        // A table without listed keys has texts under any name.
        if (parent is { Kind: ConfigKind.Table, Keys.Count: 0 })
            return new ConfigKey(name, ConfigKind.Text);
        if (parent.Kind is not (ConfigKind.Table or ConfigKind.Tables))
            throw Fault(node, $"{Dotted(prefix)} is {Described(parent.Kind)} and has no key {name}");
        foreach (var key in parent.Keys)
        {
            if (key.Name == name)
                return key;
        }

        var known = parent.Keys.Select(k => k.Name).ToList();
        var hint = Nearest.To(name, known) is { } near ? $"did you mean {prefix}{near}?" : $"known here: {string.Join(", ", known)}";
        throw Fault(node, $"unknown key {prefix}{name}", hint);
    }

    private static List<(string Name, SyntaxNode Node)> Parts(KeySyntax key)
    {
        var parts = new List<(string, SyntaxNode)> { (Text(key.Key!), key.Key!) };
        foreach (var dotted in key.DotKeys)
            parts.Add((Text(dotted.Key!), dotted.Key!));
        return parts;
    }

    private static string Text(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key!.Text ?? "",
        StringValueSyntax quoted => quoted.Value ?? "",
        _ => key.ToString().Trim(),
    };

    private static string Dotted(string prefix) => prefix.TrimEnd('.');

    private static string Described(ConfigKind kind) => kind switch
    {
        ConfigKind.Text => "a text in quotes",
        ConfigKind.Boolean => "true or false",
        ConfigKind.Texts => "a list of texts",
        ConfigKind.AbsolutePath => "an absolute path in quotes",
        ConfigKind.MachineName => "a machine's name in quotes",
        ConfigKind.Table => "a section",
        _ => "a list of sections",
    };

    private ConfigException Fault(SyntaxNodeBase node, string message, string? hint = null) =>
        new(path, node.Span.Start.Line + 1, node.Span.Start.Column + 1, message, hint);
}
