using Sesh.Output;
using Sesh.Sync;

namespace Sesh.Commands;

/// <summary>Runs one command line: finds the verb, runs it, says what failed, gives the exit status.</summary>
internal static class Application
{
    private const int Failed = 1;
    private const int Cancelled = 130;

    /// <summary>Throws nothing: under NativeAOT an exception that leaves Main runs no <c>finally</c>.</summary>
    public static int Run(IReadOnlyList<string> words, Surroundings surroundings)
    {
        if (ReportCall.Is(words))
            return ReportCall.Run(words, surroundings);

        // Until the options are read: as in pipes, but for JSON, which whoever asked for it wants of errors too.
        var printer = new Printer(new PrinterSettings { Json = words.Contains("--json"), NotesAreTerminal = surroundings.ErrorIsTerminal }, surroundings.Output, surroundings.Error);
        var verbose = false;
        try
        {
            var line = CommandLine.Read(words);
            verbose = line.Parse.GetValue(line.Globals.Verbose);
            printer = new Printer(Settings(line, surroundings), surroundings.Output, surroundings.Error);
            var status = Run(line, surroundings, printer);
            printer.Flush();
            return status;
        }
        catch (BrokenPipeException)
        {
            return BrokenPipeException.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return Finish(printer, Cancelled);
        }
        catch (SeshException failure)
        {
            return Report(printer, failure, verbose);
        }
        catch (Exception bug)
        {
            // The edge of the program: whatever came this far is told in one line and not as a crash.
            return Report(printer, Unforeseen(bug), verbose, bug);
        }
    }

    private static int Run(CommandLine line, Surroundings surroundings, Printer printer)
    {
        var globals = line.Globals;
        if (line.Parse.GetValue(globals.Version) && line.Verb is null)
        {
            printer.Line(Product.Version);
            return 0;
        }

        if (line.Parse.GetValue(globals.Help) || line.Words.Count == 0)
        {
            VerbHelp.Write(printer, line.Verb);
            return 0;
        }

        if (ParseFaults.Of(line) is { } fault)
            throw fault;
        var context = new Context(line, surroundings, printer);
        if (context.RequestFrom is { } asker && context.NameAtLogins is { } here && here.Text != asker)
            printer.Speaker = here.Text;
        if (!context.Prepare())
            return 0;
        try
        {
            return context.RunsOn is { } machine ? new Owner(context, machine, wait: false).Ask(line.Verb!.Name, line.Verb.WordsFor(context), line.Verb.InputFor(context)) : line.Verb!.Run(context);
        }
        finally
        {
            context.TellNotices();
            context.TellUnknownMachine();
            context.TellUnknownPeerKeys();
        }
    }

    private static PrinterSettings Settings(CommandLine line, Surroundings surroundings)
    {
        var (parse, globals) = (line.Parse, line.Globals);
        var variable = surroundings.Variable;
        return new PrinterSettings
        {
            Json = parse.GetValue(globals.Json) || parse.GetResult(globals.Fields) is not null || parse.GetResult(globals.Jq) is not null,
            Quiet = parse.GetValue(globals.Quiet),
            Verbose = parse.GetValue(globals.Verbose),
            Color = globals.ColorOf(parse),
            Fields = ChosenFields.Of(line),
            Filter = Globals.ValueOf(parse, globals.Jq) is { } expression ? json => Jq.Run(expression, json, variable("PATH")) : null,
            ResultIsTerminal = surroundings.OutputIsTerminal,
            NotesAreTerminal = surroundings.ErrorIsTerminal,
            PlainEnvironment = variable("NO_COLOR") is { Length: > 0 } || variable("TERM") == "dumb",
            Width = surroundings.Width,
            Screen = surroundings.Screen,
        };
    }

    private static SeshException Unforeseen(Exception exception) => exception switch
    {
        IOException or UnauthorizedAccessException => new SeshException("io", exception.Message.TrimEnd('.')),
        _ => new SeshException("internal", $"internal error: {exception.GetType().Name}: {exception.Message.TrimEnd('.')}", "run it again with -v for where, and report it"),
    };

    private static int Report(Printer printer, SeshException failure, bool verbose, Exception? bug = null)
    {
        try
        {
            printer.Error(failure);
            if (verbose && (bug ?? failure.InnerException) is { } cause)
            {
                foreach (var text in cause.ToString().Split('\n'))
                    printer.Continue("  " + text.TrimEnd());
            }
        }
        catch (IOException)
        {
            // Nobody listens on standard error or output; the status still tells.
        }

        return failure.ExitCode == 0 ? Failed : failure.ExitCode;
    }

    private static int Finish(Printer printer, int status)
    {
        try
        {
            printer.Flush();
        }
        catch (IOException)
        {
            // Cancelled because the reader has gone.
        }

        return status;
    }
}
