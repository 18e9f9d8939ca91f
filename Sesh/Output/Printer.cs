using Sesh.Sync;

namespace Sesh.Output;

/// <summary>
/// All that a command says. The result alone goes to standard output, by way of a buffer that <see cref="Flush"/> empties; notes, warnings and errors go to
/// standard error at once. Text that was stored is made visible on its way; only <see cref="Raw"/> sends bytes as they are.
/// </summary>
internal sealed class Printer(PrinterSettings settings, Stream result, Stream notes)
{
    private readonly ResultBuffer _result = new(result);
    private readonly ResultBuffer _notes = new(notes);

    public PrinterSettings Settings { get; } = settings;

    public bool Json => Settings.Json;

    public bool IsTerminal => Settings.ResultIsTerminal;

    public Palette Palette { get; } = new(settings.ColorResult);

    /// <summary>One line of the result.</summary>
    public void Line(string text)
    {
        _result.Text(Visible.Line(text));
        _result.Bytes("\n"u8);
    }

    /// <summary>One line of the result in parts of different styles.</summary>
    public void Line(params ReadOnlySpan<Cell> parts)
    {
        foreach (var part in parts)
            _result.Text(Palette.Paint(Visible.Line(part.Text), part.Style));
        _result.Bytes("\n"u8);
    }

    /// <summary>Running text that keeps its line ends and ends with one.</summary>
    public void Text(string text)
    {
        _result.Text(Visible.Text(text));
        if (!text.EndsWith('\n'))
            _result.Bytes("\n"u8);
    }

    /// <summary>Byte for byte.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => _result.Bytes(bytes);

    public void Table(Table table)
    {
        if (!table.IsEmpty)
            table.Write(_result, Palette, IsTerminal ? Settings.Width() : null);
    }

    public void Tsv(params ReadOnlySpan<string> values) => Output.Tsv.Row(_result, values);

    /// <summary>A JSON value, with the fields and through the filter that the user asked for.</summary>
    public void WriteJson(Action<JsonWriter> write)
    {
        if (Settings.Filter is not { } filter)
        {
            write(new JsonWriter(_result, Settings.Fields));
            return;
        }

        using var whole = new MemoryStream();
        var buffer = new ResultBuffer(whole);
        write(new JsonWriter(buffer, Settings.Fields));
        buffer.Flush();
        Filtered(filter(whole.GetBuffer().AsMemory(0, (int)whole.Length)));
    }

    /// <summary>What a filter made of JSON.</summary>
    public void Filtered(byte[] filtered)
    {
        if (IsTerminal)
            Text(System.Text.Encoding.UTF8.GetString(filtered));
        else
            _result.Bytes(filtered);
    }

    /// <summary>One line of the result that only confirms what was done; <c>--quiet</c> silences it.</summary>
    public void Confirm(string text)
    {
        if (!Settings.Quiet)
            Line(text);
    }

    /// <summary>Something a person may like to know; <c>--quiet</c> silences it.</summary>
    public void Note(string text)
    {
        if (!Settings.Quiet)
            Say("", text, null, Style.Plain);
    }

    /// <summary>The same, where nobody but a person at a terminal cares: what was done, what to do next.</summary>
    public void Remark(string text)
    {
        if (Settings.NotesAreTerminal)
            Note(text);
    }

    public void Detail(string text)
    {
        if (Settings.Verbose)
            Say("", text, null, Style.Dim);
    }

    public void Warning(string message, string? hint = null)
    {
        if (!Settings.Quiet)
            Say("warning: ", message, hint, Style.Yellow);
    }

    /// <summary>This machine's name, where another reads what is said here: a failure is to say whose it is. Null for nobody else.</summary>
    public string? Speaker { get; set; }

    public void Error(SeshException failure)
    {
        // What was said before the failure comes before it.
        Flush();
        Say(Speaker is { } speaker ? $"{speaker}: " : "", failure.Message, failure.Hint, Style.Red);
        if (failure is AmbiguousException ambiguous)
        {
            foreach (var candidate in ambiguous.Candidates)
                Continue("  " + candidate);
        }

        if (Json)
            ErrorJson(failure);
    }

    /// <summary>A question on the terminal, the answer to be typed behind it.</summary>
    public void Ask(string question)
    {
        _notes.Text(Visible.Line(question));
        _notes.Flush();
    }

    /// <summary>A line of standard error that continues the one before: no name of ours in front.</summary>
    public void Continue(string text)
    {
        lock (_notes)
        {
            _notes.Text(Visible.Line(text));
            _notes.Bytes("\n"u8);
            _notes.Flush();
        }
    }

    public void Flush() => _result.Flush();

    private void Say(string kind, string message, string? hint, Style style)
    {
        var palette = new Palette(Settings.ColorNotes);
        // That something is waited for is told beside whatever else is said.
        lock (_notes)
        {
            _notes.Text(palette.Paint("sesh: " + kind, style));
            _notes.Text(Visible.Line(Bounded(message)));
            if (hint is not null)
                _notes.Text("; " + Visible.Line(Bounded(hint)));
            _notes.Bytes("\n"u8);
            _notes.Flush();
        }
    }

    /// <summary>Messages repeat what was given, and ten megabytes may have been.</summary>
    private static string Bounded(string message)
    {
        const int Most = 1200;
        return message.Length <= Most ? message : string.Concat(message.AsSpan(0, char.IsHighSurrogate(message[Most - 1]) ? Most - 1 : Most), "…");
    }

    private void ErrorJson(SeshException failure)
    {
        var writer = new JsonWriter(_result);
        writer.StartObject();
        writer.Name("error"u8);
        writer.StartObject();
        writer.Property("code"u8, failure.Code);
        writer.Property("message"u8, Bounded(failure.Message));
        writer.Property("hint"u8, failure.Hint is { } hint ? Bounded(hint) : null);
        if (failure is AmbiguousException ambiguous)
        {
            writer.Name("candidates"u8);
            writer.StartArray();
            foreach (var candidate in ambiguous.Candidates)
                writer.Value(candidate);
            writer.EndArray();
        }

        writer.EndObject();
        writer.EndObject();
        _result.Flush();
    }
}
