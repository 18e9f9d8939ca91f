using System.ComponentModel;
using System.Globalization;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>
/// Runs what another machine asks: this very program with the words as its arguments, in a process of its own. So every verb is served by the code that serves it
/// here, and one that fails, hangs or is given up ends one process.
/// </summary>
/// <param name="program">Path of this program.</param>
/// <param name="home">Where it finds its files, whatever our environment says.</param>
/// <param name="folder">Where it works.</param>
internal sealed class RequestRunner(string program, string home, string folder)
{
    /// <summary>Set to the asker's name where a verb runs for another machine.</summary>
    public const string FromVariable = "SESH_REQUEST_FROM";

    /// <summary>What the asker prints to: columns, colour and colour of notes, parted by commas.</summary>
    public const string ScreenVariable = "SESH_REQUEST_SCREEN";

    /// <summary>Set where the verb has a terminal that the asker looks at.</summary>
    public const string TerminalVariable = "SESH_REQUEST_TERMINAL";

    /// <summary>What a child's own children may still have to say once it has ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // Where we happened to be started from says nothing of where a request comes from.
    private static IReadOnlyCollection<string> Unset => ["TMUX", "TMUX_PANE", "SESH_SESSION_ID", "SESH_REQUEST_*", "COLUMNS", "LINES"];

    /// <param name="words">The whole command line, permitted.</param>
    /// <param name="from">Who asks.</param>
    /// <exception cref="SeshException"><c>exec</c>.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> words, string from, RequestScreen? screen, RequestStreams streams, CancellationToken cancel)
    {
        var child = Start(words, from, screen);
        await using var end = child.ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var feeding = FeedAsync(streams.Input, child, over.Token);
        var copies = Task.WhenAll(CopyAsync(child.Output, streams.Output, child.Ended, over), CopyAsync(child.Error, streams.Error, child.Ended, over));
        try
        {
            await copies.ConfigureAwait(false);
            return await child.Ended.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(copies, feeding).WaitAsync(LastWords, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The same on a terminal of its own, like the asker's.</summary>
    /// <exception cref="SeshException"><c>exec</c>.</exception>
    public async Task<int> RunOnTerminalAsync(IReadOnlyList<string> words, string from, RequestTerminal terminal, RequestStreams streams, CancellationToken cancel)
    {
        var set = new Dictionary<string, string> { ["SESH_HOME"] = home, [FromVariable] = from, [TerminalVariable] = "1", ["TERM"] = terminal.Name };
        PtyChild child;
        try
        {
            child = PtyChild.Start(program, words, ProcessEnvironment.Edited(set, Unset), folder, terminal.Columns, terminal.Rows);
        }
        catch (Win32Exception e)
        {
            throw Unstarted(e);
        }

        await using var end = child.ConfigureAwait(false);
        return await new TerminalRun(child, streams).RunAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>What <see cref="RunAsync"/> told; for a pipe where it told nothing.</summary>
    public static RequestScreen ReadScreen(string? text) =>
        text?.Split(',') is [var columns, var color, var notes] && int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            ? new RequestScreen(width, color == "1", notes == "1")
            : new RequestScreen(0, false, false);

    private StreamedChild Start(IReadOnlyList<string> words, string from, RequestScreen? screen)
    {
        var set = new Dictionary<string, string> { ["SESH_HOME"] = home, [FromVariable] = from };
        if (screen is not null)
            set[ScreenVariable] = string.Create(CultureInfo.InvariantCulture, $"{screen.Columns},{(screen.Color ? 1 : 0)},{(screen.ColorNotes ? 1 : 0)}");
        try
        {
            return StreamedChild.Start(program, words, ProcessEnvironment.Edited(set, Unset), folder);
        }
        catch (Win32Exception e)
        {
            throw Unstarted(e);
        }
    }

    private SeshException Unstarted(Win32Exception e) => new("exec", $"cannot run {program}: {e.Message}", "was sesh moved or taken away there?", inner: e);

    private static async Task FeedAsync(Stream from, StreamedChild child, CancellationToken cancel)
    {
        try
        {
            await from.CopyToAsync(child.Input, cancel).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It does not read all of it, or has ended: its status tells.
        }

        child.CloseInput();
    }

    /// <summary>To the stream's end; behind the child's own end only what comes at once, as one of its own children may keep the stream open.</summary>
    private static async Task CopyAsync(Stream from, Stream to, Task ended, CancellationTokenSource over)
    {
        var buffer = new byte[32 << 10];
        try
        {
            while (await ReadAsync(from, buffer, ended, over.Token).ConfigureAwait(false) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), over.Token).ConfigureAwait(false);
                await to.FlushAsync(over.Token).ConfigureAwait(false);
            }
        }
        catch
        {
            // Nobody listens any more: no reason for the other stream to go on.
            await over.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<int> ReadAsync(Stream from, byte[] buffer, Task ended, CancellationToken cancel)
    {
        var reading = from.ReadAsync(buffer, cancel).AsTask();
        if (await Task.WhenAny(reading, ended).ConfigureAwait(false) == reading)
            return await reading.ConfigureAwait(false);
        try
        {
            return await reading.WaitAsync(LastWords, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return 0;
        }
    }
}
