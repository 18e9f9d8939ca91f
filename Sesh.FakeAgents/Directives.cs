using System.Globalization;
using System.Text.RegularExpressions;

namespace Sesh.FakeAgents;

/// <summary>What a prompt tells the fake to do.</summary>
internal sealed partial class Directives(string prompt)
{
    /// <summary>The prompt without its directives.</summary>
    public string Text { get; } = Any().Replace(prompt, "").Trim();

    public TimeSpan Sleep { get; } = TimeSpan.FromSeconds(double.TryParse(Value(prompt, "sleep"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0);

    public string? Command { get; } = Value(prompt, "tool:bash") ?? Value(prompt, "tool:escalate");

    public bool Allowed { get; } = prompt.Contains("[[allow]]", StringComparison.Ordinal);

    public string? Say { get; } = Value(prompt, "say");

    public string? Error { get; } = Value(prompt, "error");

    public long Tokens { get; } = long.TryParse(Value(prompt, "tokens"), out var tokens) ? tokens : 1000;

    public string Answer(string? output) => Value(prompt, "reply") ?? Filled(Value(prompt, "fill")) ?? (output is null ? $"echo: {Text}" : $"echo: {Text}\ntool: {output.TrimEnd()}");

    /// <summary>So many characters of numbered lines.</summary>
    private static string? Filled(string? count) => count is null ? null
        : string.Concat(Enumerable.Range(0, (int.Parse(count, CultureInfo.InvariantCulture) / 10) + 1).Select(i => $"{i:D9}\n"))[..int.Parse(count, CultureInfo.InvariantCulture)].TrimEnd();

    private static string? Value(string prompt, string name)
    {
        var from = prompt.IndexOf($"[[{name}:", StringComparison.Ordinal);
        if (from < 0)
        {
            return null;
        }

        from += name.Length + 3;
        var to = prompt.IndexOf("]]", from, StringComparison.Ordinal);
        return to < 0 ? null : prompt[from..to];
    }

    [GeneratedRegex(@"\[\[.*?\]\]", RegexOptions.Singleline)]
    private static partial Regex Any();
}
