using Sesh.Sync.Wire;

namespace Sesh.Output;

internal enum ColorChoice : byte
{
    Auto,
    Always,
    Never,
}

/// <summary>How one command prints.</summary>
internal sealed record PrinterSettings
{
    public bool Json { get; init; }

    /// <summary>The properties of each record to print; null for all.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>What JSON goes through before it is printed; null for nothing.</summary>
    public Func<ReadOnlyMemory<byte>, byte[]>? Filter { get; init; }

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    public ColorChoice Color { get; init; }

    public bool ResultIsTerminal { get; init; }

    public bool NotesAreTerminal { get; init; }

    /// <summary>The environment asks for no colour: <c>NO_COLOR</c>, <c>TERM=dumb</c>.</summary>
    public bool PlainEnvironment { get; init; }

    /// <summary>Columns of the terminal; asked only where one is written to.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Another machine's screen, where that has asked: it has decided about colours. Null: this one's.</summary>
    public RequestScreen? Screen { get; init; }

    public bool ColorResult => Screen?.Color ?? UsesColor(ResultIsTerminal);

    public bool ColorNotes => Screen?.ColorNotes ?? UsesColor(NotesAreTerminal);

    private bool UsesColor(bool terminal) => Color switch
    {
        ColorChoice.Always => true,
        ColorChoice.Never => false,
        _ => terminal && !PlainEnvironment,
    };
}
