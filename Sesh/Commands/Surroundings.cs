using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sesh.Output;
using Sesh.Processes;
using Sesh.Sessions.Mesh;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>All that a command gets from outside, so that the whole program runs in a test's memory.</summary>
internal sealed record Surroundings
{
    public required Func<string, string?> Variable { get; init; }

    public required Func<string> WorkingDirectory { get; init; }

    public required Func<Stream> Input { get; init; }

    public required Stream Output { get; init; }

    public required Stream Error { get; init; }

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>The terminal that the command is run from, whatever its streams are; null where it has none.</summary>
    public Func<ControllingTerminal?> Terminal { get; init; } = () => null;

    /// <summary>This program, for starting it anew.</summary>
    public string Program { get; init; } = Environment.ProcessPath ?? "sesh";

    /// <summary>What programs are started with, as <c>NAME=value</c>.</summary>
    public Func<IReadOnlyCollection<string>> Variables { get; init; } = ProcessEnvironment.Own;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The machine that asked for this command, which is then served as a request; null where a person or a program here runs it.</summary>
    public string? RequestFrom { get; init; }

    /// <summary>What a request's answer is shown on.</summary>
    public RequestScreen? Screen { get; init; }

    /// <summary>Called once, when a command first asks to be told of the user's wish to stop; until then the signal ends the process as it always did.</summary>
    public Func<CancellationToken> Cancellation { get; init; } = () => CancellationToken.None;

    public static Surroundings OfThisProcess() => Environment.GetEnvironmentVariable(RequestRunner.FromVariable) is { Length: > 0 } asker ? OfRequest(asker) : OfCommand();

    private static Surroundings OfRequest(string asker)
    {
        var screen = RequestRunner.ReadScreen(Environment.GetEnvironmentVariable(RequestRunner.ScreenVariable));
        // What an agent started here runs later is no request any more.
        Environment.SetEnvironmentVariable(RequestRunner.FromVariable, null);
        Environment.SetEnvironmentVariable(RequestRunner.ScreenVariable, null);
        if (Environment.GetEnvironmentVariable(RequestRunner.TerminalVariable) is { Length: > 0 })
        {
            // Of its end the kernel tells whoever is on it.
            Environment.SetEnvironmentVariable(RequestRunner.TerminalVariable, null);
            return OfCommand() with { RequestFrom = asker };
        }

        Hangup.EndsThis(descriptor: 1);
        return OfCommand() with
        {
            RequestFrom = asker,
            Screen = screen,
            InputIsTerminal = false,
            OutputIsTerminal = screen.Columns > 0,
            ErrorIsTerminal = screen.ColorNotes,
            Width = () => screen.Columns,
            Terminal = () => null,
        };
    }

    private static Surroundings OfCommand() => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        WorkingDirectory = () => Environment.CurrentDirectory,
        Input = () => new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, 1),
        Output = new DescriptorStream(1),
        Error = new DescriptorStream(2),
        InputIsTerminal = Processes.Terminal.IsInput,
        OutputIsTerminal = Processes.Terminal.IsOutput,
        ErrorIsTerminal = Processes.Terminal.IsError,
        Width = () => Processes.Terminal.Width(1),
        Terminal = ControllingTerminal.Open,
        Cancellation = CancelOnSignals,
    };

    private static CancellationToken CancelOnSignals()
    {
        // Lives as long as the process.
        var source = new CancellationTokenSource();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            GC.KeepAlive(PosixSignalRegistration.Create(signal, context =>
            {
                // The second one ends the process, should something not listen.
                context.Cancel = !source.IsCancellationRequested;
                source.Cancel();
            }));
        }

        return source.Token;
    }
}
