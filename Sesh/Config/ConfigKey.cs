namespace Sesh.Config;

internal enum ConfigKind : byte
{
    Text,
    Boolean,

    /// <summary>An array of texts.</summary>
    Texts,

    /// <summary>The path of a file, from the root or from <c>~</c>.</summary>
    AbsolutePath,

    MachineName,

    /// <summary>A table with the keys listed, or with any keys of texts where none are.</summary>
    Table,

    /// <summary>An array of tables: <c>[[name]]</c>.</summary>
    Tables,
}

/// <summary>A key that <c>config.toml</c> may have, and what may stand in it.</summary>
internal sealed record ConfigKey(string Name, ConfigKind Kind, params IReadOnlyList<ConfigKey> Keys);
