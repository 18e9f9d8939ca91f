namespace Sesh.Config;

/// <summary>One section of a list of sections: where it begins, and its texts with where each stands.</summary>
internal sealed record ConfigRow(string Section, int Line, int Column, Dictionary<string, (string Text, int Line, int Column)> Texts)
{
    /// <summary>Null where it is not set.</summary>
    public string? Text(string name) => Texts.TryGetValue(name, out var value) ? value.Text : null;
}
