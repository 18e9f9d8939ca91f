using System.Text;
using Sesh.Sync;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Sesh.Sessions.Reporters;

/// <summary>
/// Codex's <c>config.toml</c> with our <c>notify</c> and without. It is a key of the file itself, so it must stand before the first section: it is put first. A notify of the user's own is kept, behind
/// ours, which calls it on.
/// </summary>
internal static class CodexSettings
{
    private const string Chain = "\"--\"";

    /// <param name="settings">Null where there is no file.</param>
    /// <exception cref="SeshException"><c>settings</c>: it is no TOML, or its notify is no list of texts.</exception>
    public static string Install(string? settings, ReporterProgram program)
    {
        var words = string.Join(", ", program.Words("codex").Select(Quoted));
        if (settings is null)
            return $"notify = [{words}]\n";
        if (Look(settings, program) == ReporterState.Installed)
            return settings;
        var text = Uninstall(settings) ?? "";
        if (Notify(text) is not { } notify)
            return $"{Start(text)}notify = [{words}]\n{text[Start(text).Length..]}";
        var inner = notify.Start + 1;
        return $"{text[..inner]}{words}, {Chain}{(notify.Words.Count > 0 ? ", " : "")}{text[inner..]}";
    }

    /// <summary>Takes out ours alone. Null: nothing else was in it.</summary>
    public static string? Uninstall(string settings)
    {
        if (Notify(settings) is not { } notify || !IsOurs(notify))
            return settings;
        if (notify.Words.IndexOf("--") is > 0 and var chain)
        {
            // From the bracket to the mark, and the comma that we put behind it.
            var end = notify.Ends[chain];
            end += settings.AsSpan(end).StartsWith(", ") && notify.Words.Count > chain + 1 ? 2 : 0;
            return settings[..(notify.Start + 1)] + settings[end..];
        }

        var line = settings.AsSpan(0, notify.Key).LastIndexOf('\n') + 1;
        var from = settings[line..notify.Key].TrimStart('\uFEFF', ' ', '\t').Length == 0 ? Math.Max(line, Start(settings).Length) : notify.Key;
        var next = settings.IndexOf('\n', notify.End);
        var without = settings[..from] + (next < 0 ? "" : settings[(next + 1)..]);
        return without.Length == 0 ? null : without;
    }

    public static ReporterState Look(string settings, ReporterProgram program)
    {
        if (Notify(settings) is not { } notify || !IsOurs(notify))
            return ReporterState.Missing;
        var own = notify.Words.IndexOf("--") is > 0 and var chain ? notify.Words[..chain] : notify.Words;
        return own.SequenceEqual(program.Words("codex")) ? ReporterState.Installed
            : own is [_, "report", "--agent", "codex"] or [_, "report", "--agent", "codex", "--home", _] ? ReporterState.Other
            : ReporterState.Changed;
    }

    /// <summary>The program that is told, where it is ours.</summary>
    public static string? Program(string settings) => Notify(settings) is { } notify && IsOurs(notify) ? notify.Words[0] : null;

    private static bool IsOurs(Found notify) => notify.Words is [_, "report", "--agent", "codex", ..];

    private static string Start(string text) => text.StartsWith('\uFEFF') ? "\uFEFF" : "";

    private static Found? Notify(string text)
    {
        DocumentSyntax document;
        try
        {
            document = SyntaxParser.Parse(text, "config.toml");
        }
        catch (ArgumentOutOfRangeException)
        {
            // Tomlyn says so of a text that is not closed.
            throw Wrong("the file ends within a text");
        }

        foreach (var diagnostic in document.Diagnostics)
        {
            if (diagnostic.Kind == DiagnosticMessageKind.Error)
                throw Wrong($"no TOML at line {diagnostic.Span.Start.Line + 1}, column {diagnostic.Span.Start.Column + 1}");
        }

        foreach (var item in document.KeyValues)
        {
            if (item.Key is not { DotKeys.ChildrenCount: 0 } key || Name(key) != "notify")
                continue;
            if (item.Value is not ArraySyntax array)
                throw Wrong("notify is not a list");
            var (words, ends) = (new List<string>(), new List<int>());
            foreach (var element in array.Items)
            {
                if (element.Value is not StringValueSyntax word)
                    throw Wrong("notify holds something else than texts");
                words.Add(word.Value ?? "");
                ends.Add(word.Span.End.Offset + 1);
            }

            return new Found(item.Span.Start.Offset, array.Span.Start.Offset, array.Span.End.Offset + 1, words, ends);
        }

        return null;
    }

    private static string Name(KeySyntax key) => key.Key switch
    {
        StringValueSyntax quoted => quoted.Value ?? "",
        BareKeySyntax bare => bare.Key?.Text ?? "",
        _ => "",
    };

    private static string Quoted(string word)
    {
        var text = new StringBuilder("\"");
        foreach (var c in word)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ' || c == '\x7f')
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                text.Append(c);
        }

        return text.Append('"').ToString();
    }

    private static SeshException Wrong(string what) => new("settings", what, "mend it; nothing was changed");

    /// <summary>The key, its list from bracket to bracket, its words and where each of them ends: by character.</summary>
    private sealed record Found(int Key, int Start, int End, List<string> Words, List<int> Ends);
}
