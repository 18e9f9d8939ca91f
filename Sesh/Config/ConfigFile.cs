using System.Text;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Sesh.Config;

/// <summary>Reads <c>config.toml</c>.</summary>
internal static class ConfigFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Throws <see cref="ConfigException"/> for the first fault. A file that is not there says nothing.</summary>
    public static Configuration Read(string path) => Text(path) is { } text ? Parse(text, path) : Configuration.Empty;

    /// <summary>
    /// The machine's name alone. A file with nothing else in it is understood without the parser, whose making costs more than the rest of a small command;
    /// any other goes through it, with all its checks.
    /// </summary>
    public static string? Machine(string path)
    {
        if (Text(path) is not { } text)
            return null;
        return MachineAlone(text, out var machine) ? machine : Parse(text, path).Machine;
    }

    public static Configuration Parse(string text, string path)
    {
        var document = Syntax(text, path);
        foreach (var diagnostic in document.Diagnostics)
        {
            if (diagnostic.Kind == DiagnosticMessageKind.Error)
                throw new ConfigException(path, diagnostic.Span.Start.Line + 1, diagnostic.Span.Start.Column + 1, Plain(diagnostic.Message));
        }

        var values = new ConfigReader(path).Read(document);
        return new Configuration
        {
            Machine = values.Text("machine"),
            Models = values.Texts("models."),
            Agents = values.Texts("agents."),
            PrivatePaths = values.List("privacy.paths"),
            KeptTags = values.List("keep.tags"),
            Metered = values.Flag("sync.metered"),
            AutonameCommand = values.Text("autoname.command") is { } command && !string.IsNullOrWhiteSpace(command) ? command : null,
            Hooks = new HookReader(path).Read(values.Rows("hooks")),
        };
    }

    private static DocumentSyntax Syntax(string text, string path)
    {
        try
        {
            return SyntaxParser.Parse(text, path);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Tomlyn 2.10.2 says so only by failing to write its message about the character that is not there. Found by the fuzzing test.
            throw new ConfigException(path, text.Count(c => c == '\n') + 1, text.Length - text.LastIndexOf('\n'), "the file ends within a text");
        }
    }

    private static string? Text(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MostBytes)
                throw new SeshException("config", $"{path} is over 1 MiB: that is no configuration", "put a smaller file in its place");
            var bytes = new byte[length];
            var read = RandomAccess.Read(file, bytes, 0);
            var text = bytes.AsSpan(0, read);
            return Encoding.UTF8.GetString(text.StartsWith("\uFEFF"u8) ? text[3..] : text);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SeshException("config", $"cannot read {path}: {Plain(e.Message)}", "make it a file that you may read", inner: e);
        }
    }

    private static bool MachineAlone(string text, out string? machine)
    {
        machine = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var rest = line.Trim(" \t");
            if (rest.IsEmpty || rest[0] == '#')
                continue;
            if (machine is not null || !rest.StartsWith("machine"))
                return false;
            rest = rest["machine".Length..].TrimStart(" \t");
            if (rest.IsEmpty || rest[0] != '=')
                return false;
            rest = rest[1..].TrimStart(" \t");
            if (rest.IsEmpty || rest[0] != '"')
                return false;
            var end = rest[1..].IndexOf('"');
            if (end < 0 || !MachineName.TryParse(rest.Slice(1, end).ToString(), out var name))
                return false;
            var after = rest[(end + 2)..].TrimStart(" \t");
            if (!after.IsEmpty && after[0] != '#')
                return false;
            machine = name.Text;
        }

        // Control characters are no TOML, not even in comments; and EnumerateLines ends lines where TOML does not.
        return text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 || text.All(c => c is '\n' or '\t' or (>= ' ' and <= '~'));
    }

    /// <summary>As our own messages are: begins small, ends without a full stop, is one line.</summary>
    private static string Plain(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
