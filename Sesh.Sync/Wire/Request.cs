using System.Collections.Immutable;

namespace Sesh.Sync.Wire;

/// <summary>
/// Something that only another machine can do: one of our verbs, to be run there by that machine's own <c>sesh</c>. Its words are data and pass no shell.
/// </summary>
public sealed record Request
{
    /// <summary>A verb of the command line: <c>tail</c>, <c>state</c>, <c>send</c>. Whoever serves it decides which he knows and what grant each needs.</summary>
    public required string Verb { get; init; }

    /// <summary>The words behind the verb, as the owner's own shell would give them.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The machine it is for; null: whoever receives it. Another machine's name asks to be passed on.</summary>
    public string? Target { get; init; }

    /// <summary>The machines it came through so far, the one that asks first. At most <see cref="MaxHops"/>; a machine that finds itself there refuses.</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>Set where the asker wants a terminal there.</summary>
    public RequestTerminal? Terminal { get; init; }

    /// <summary>What the asker prints to, so that tables made there fit here. Null: nothing is known of it, and the output is as for a pipe.</summary>
    public RequestScreen? Screen { get; init; }

    /// <summary>How many links a request may cross.</summary>
    public const int MaxHops = 2;

    /// <summary>Of all words together, in UTF-8; more goes by standard input.</summary>
    public const int MaxBytes = 64 << 10;
}

/// <summary>What the asker's output goes to, where it wants no terminal there.</summary>
/// <param name="Columns">0 to 1000: of the terminal that standard output is shown on; 0 where it is none.</param>
/// <param name="Color">Standard output may hold colours.</param>
/// <param name="ColorNotes">Standard error may.</param>
public sealed record RequestScreen(int Columns, bool Color, bool ColorNotes);

/// <summary>The asker's terminal.</summary>
/// <param name="Columns">1 to 1000.</param>
/// <param name="Rows">1 to 1000.</param>
/// <param name="Name">The value of TERM.</param>
public sealed record RequestTerminal(int Columns, int Rows, string Name);

/// <summary>
/// A request's three streams. For who serves it: <see cref="Input"/> is read, the others are written, and writing waits while the asker does not read. For
/// who asks: the other way round for none of them; the link copies from <see cref="Input"/> to the other side and from there to the others.
/// </summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Sizes">The asker's terminal as its size changes: the asker makes one and reports to it, whoever serves is given one and listens. Null: nobody cares.</param>
public sealed record RequestStreams(Stream Input, Stream Output, Stream Error, TerminalSizes? Sizes = null);

/// <summary>The sizes of one terminal, from whoever learns of them to whoever must know. May be used from any thread.</summary>
public sealed class TerminalSizes
{
    /// <summary>Raised with each new size, on the thread that reports it; must not wait.</summary>
    public event Action<RequestTerminal>? Changed;

    public void Report(RequestTerminal size) => Changed?.Invoke(size);
}

/// <summary>Who asks: the authenticated end of the link, not what it calls itself.</summary>
/// <param name="Machine">The name of its entry.</param>
/// <param name="Allow">What it may ask.</param>
public sealed record RequestOrigin(string Machine, Grant Allow);

/// <summary>Serves what comes over links. Called from many links at once.</summary>
public interface IRequestHandler
{
    /// <summary>
    /// Runs one and gives its exit status. Cancelled when the asker stops waiting or the link breaks. A <see cref="SeshException"/> is told to the asker as it is:
    /// code, message, hint and exit status.
    /// </summary>
    Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel);
}
