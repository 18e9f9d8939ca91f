using System.CommandLine;
using System.Text;
using Sesh.Output;

namespace Sesh.Commands;

/// <summary>Prints help: of the program, of a verb.</summary>
internal static class VerbHelp
{
    private const int Indent = 2;
    private const int TextWidth = 100;

    public static void Write(Printer printer, Verb? verb)
    {
        if (verb is null)
            WriteProgram(printer);
        else
            WriteVerb(printer, verb);
    }

    /// <summary>Names beside their explanations, the latter aligned and wrapped.</summary>
    public static void Pairs(Printer printer, IReadOnlyList<(string Name, string What)> pairs, int widest = 32)
    {
        var width = pairs.Where(p => p.Name.Length <= widest).Select(p => p.Name.Length).DefaultIfEmpty(0).Max() + Indent;
        foreach (var (name, what) in pairs)
        {
            var lines = Wrap(what, Math.Max(30, TextWidth - Indent - width));
            if (name.Length > widest)
            {
                printer.Line(new Cell(new string(' ', Indent)), new Cell(name, Style.Bold));
                foreach (var line in lines)
                    printer.Line(new string(' ', Indent + width) + line);
                continue;
            }

            printer.Line(new Cell(new string(' ', Indent)), new Cell(name, Style.Bold), new Cell((new string(' ', width - name.Length) + lines[0]).TrimEnd()));
            foreach (var line in lines.Skip(1))
                printer.Line(new string(' ', Indent + width) + line);
        }
    }

    public static void Heading(Printer printer, string title)
    {
        printer.Line("");
        printer.Line(new Cell(title, Style.Bold));
    }

    /// <summary>Running lines are set anew to the width; empty and indented ones stay as they are.</summary>
    public static void Paragraphs(Printer printer, string text)
    {
        var paragraph = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != ' ')
            {
                paragraph.Add(line);
                continue;
            }

            Set();
            printer.Line(line);
        }

        Set();

        void Set()
        {
            if (paragraph.Count == 0)
                return;
            foreach (var line in Wrap(string.Join(' ', paragraph), TextWidth))
                printer.Line(line);
            paragraph.Clear();
        }
    }

    private static void WriteProgram(Printer printer)
    {
        printer.Line("Look after coding-agent sessions (Claude Code, Codex, pi): find, label, resume them.");
        printer.Line("");
        printer.Line("Usage: sesh <verb> [options]");
        foreach (var (title, names) in Verbs.Groups)
        {
            Heading(printer, title);
            Pairs(printer, [.. names.Select(n => (n, Verbs.Find(n)!.Summary))]);
        }

        Heading(printer, "Options of every verb");
        Pairs(printer, GlobalPairs(null));
        Heading(printer, "More");
        Pairs(printer, [("sesh help <verb>", "all about one verb, with examples"), ("sesh help <topic>", $"about {string.Join(", ", Topics.Names)}")]);
    }

    private static void WriteVerb(Printer printer, Verb verb)
    {
        var command = verb.Build();
        printer.Line(char.ToUpperInvariant(verb.Summary[0]) + verb.Summary[1..] + ".");
        printer.Line("");
        var usages = (verb.Usage.Length == 0 && command.Options.Any(o => !o.Hidden) ? "[options]" : verb.Usage).Split('\n');
        for (var i = 0; i < usages.Length; i++)
            printer.Line($"{(i == 0 ? "Usage:" : "      ")} sesh {verb.Name}{(usages[i].Length > 0 ? " " : "")}{usages[i]}");
        if (verb.Description.Length > 0)
        {
            printer.Line("");
            Paragraphs(printer, verb.Description);
        }

        if (command.Arguments.Any(a => !a.Hidden))
        {
            Heading(printer, "Arguments");
            Pairs(printer, [.. command.Arguments.Where(a => !a.Hidden).Select(a => ($"<{a.HelpName ?? a.Name}>", a.Description ?? ""))]);
        }

        if (command.Options.Any(o => !o.Hidden))
        {
            Heading(printer, "Options");
            Pairs(printer, [.. command.Options.Where(o => !o.Hidden).Select(o => (Names(o), o.Description ?? ""))]);
        }

        Heading(printer, "Options of every verb");
        Pairs(printer, GlobalPairs(verb));
        if (verb.Examples.Count > 0)
        {
            Heading(printer, "Examples");
            Pairs(printer, [.. verb.Examples.Select(e => (e.Command, e.What))], widest: 60);
        }
    }

    private static List<(string, string)> GlobalPairs(Verb? verb)
    {
        var globals = new Globals();
        var pairs = new List<(string, string)>();
        foreach (var option in globals.All)
        {
            var isJson = option == globals.Json || option == globals.Fields || option == globals.Jq;
            if (verb is not null && ((isJson && verb.JsonFields.Count == 0) || option == globals.Version))
                continue;
            if (option != globals.Machine)
                pairs.Add((Names(option), option.Description ?? ""));
            else if (verb?.Machine != MachineMeaning.Refused)
                pairs.Add((Names(option), Meaning(verb)));
        }

        return pairs;
    }

    private static string Meaning(Verb? verb) => verb?.Machine switch
    {
        null => "a machine: what it filters, narrows or runs there, the verb's help says",
        MachineMeaning.Filters => "sessions of this machine alone",
        MachineMeaning.Narrows => "look for the uuid among this machine's sessions",
        MachineMeaning.Names => "the name",
        _ => "run it on this machine",
    };

    private static string Names(Option option)
    {
        var names = new StringBuilder();
        foreach (var alias in option.Aliases.Order(StringComparer.Ordinal).Where(a => a.Length == 2))
            names.Append(alias).Append(", ");
        names.Append(option.Name);
        foreach (var alias in option.Aliases.Where(a => a.Length > 2))
            names.Append(", ").Append(alias);
        if (option.HelpName is { } value)
            names.Append(" <").Append(value).Append('>');
        return names.ToString();
    }

    private static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        if (text.Length <= width)
            return [text];
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }

        lines.Add(line.ToString());
        return lines;
    }
}
