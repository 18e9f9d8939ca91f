using System.Text;
using Sesh.Output;
using Sesh.Processes;

namespace Sesh.Picking;

/// <summary>Shows a picker on the controlling terminal until something is chosen. Standard output is none of its business: that may be captured.</summary>
internal sealed class PickerScreen(ControllingTerminal terminal, Palette palette)
{
    /// <summary>Whoever presses Esc presses nothing else at once; a terminal that sends a key's sequence does.</summary>
    private const int EscapeMs = 50;

    // Another screen, no line wrapped; and back.
    private const string Begin = "\e[?1049h\e[?7l";
    private const string End = "\e[?7h\e[?25h\e[?1049l";

    /// <summary>The place of the chosen row; null where the user left without.</summary>
    /// <exception cref="OperationCanceledException">By a signal.</exception>
    public int? Run(IReadOnlyList<PickerRow> rows, CancellationToken cancel)
    {
        using var wake = new WakePipe();
        using var cancelling = cancel.Register(wake.Set);
        terminal.Parting = Encoding.UTF8.GetBytes(End);
        terminal.TakeOver();
        terminal.Changed += wake.Set;
        try
        {
            terminal.Write(Encoding.UTF8.GetBytes(Begin));
            return Loop(PickerModel.Of(rows), wake, cancel);
        }
        finally
        {
            terminal.Changed -= wake.Set;
            terminal.GiveBack();
        }
    }

    private int? Loop(PickerModel model, WakePipe wake, CancellationToken cancel)
    {
        var keys = new KeyReader();
        var buffer = new byte[1024];
        var drawn = "";
        while (true)
        {
            var (columns, height) = Size();
            var frame = Drawn(model, columns, height);
            if (frame != drawn)
                terminal.Write(Encoding.UTF8.GetBytes(drawn = frame));
            var count = terminal.Read(buffer, wake, keys.IsPending ? EscapeMs : -1);
            cancel.ThrowIfCancellationRequested();
            if (count < 0)
                return null;
            if (count == 0 && !keys.IsPending)
            {
                // Another size, or somebody drew over it.
                wake.Clear();
                drawn = "";
                continue;
            }

            foreach (var key in count == 0 ? keys.Finish() : keys.Take(buffer.AsSpan(0, count)))
            {
                if (key.Action == PickerAction.Leave)
                    return null;
                if (key.Action == PickerAction.Accept && model.Chosen is { } chosen)
                    return chosen;
                model = model.After(key, PickerFrame.Page(height));
            }
        }
    }

    private string Drawn(PickerModel model, int columns, int rows)
    {
        // In one write, each line cleared behind its end: nothing flickers.
        var lines = PickerFrame.Of(model, columns, rows, palette);
        return $"\e[?25l\e[H{string.Join("\r\n", lines.Select(l => l + "\e[K"))}\e[J\e[1;{Math.Min(columns, 3 + Columns.Of(Visible.Line(model.Filter)))}H\e[?25h";
    }

    private (int Columns, int Rows) Size()
    {
        var (columns, rows) = terminal.Size;
        return (columns > 0 ? columns : 80, rows > 0 ? rows : 24);
    }
}
