using System.Text;
using Sesh.Output;

namespace Sesh.Picking;

/// <summary>What a picker looks like: lines for a screen of a size, none wider or more than that. Pure.</summary>
internal static class PickerFrame
{
    private const int HeadLines = 2;
    private const string Gap = "  ";

    /// <summary>Rows seen at once.</summary>
    public static int Page(int rows) => Math.Max(1, rows - HeadLines);

    public static IReadOnlyList<string> Of(PickerModel model, int columns, int rows, Palette palette)
    {
        var lines = new List<string>
        {
            palette.Paint(Columns.Fit($"> {Tail(model.Filter, columns - 3)}", columns), Style.Bold),
            palette.Paint(Columns.Fit($"  {model.Shown.Count}/{model.Rows.Count}   Enter: choose  Esc: leave", columns), Style.Dim),
        };
        var page = Page(rows);
        var first = model.Cursor / page * page;
        // None takes more than a third of the screen.
        var widths = model.Widths.Select(w => Math.Min(w, Math.Max(8, columns / 3))).ToArray();
        for (var i = first; i < Math.Min(first + page, model.Shown.Count); i++)
        {
            var line = Columns.Fit((i == model.Cursor ? "▌ " : "  ") + Row(model.Rows[model.Shown[i]], widths), columns);
            lines.Add(i == model.Cursor ? palette.Paint(line, Style.Bold) : line);
        }

        return lines.Count <= rows ? lines : lines[..Math.Max(1, rows)];
    }

    private static string Row(PickerRow row, IReadOnlyList<int> widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Cells.Count; i++)
        {
            var cell = Columns.Fit(row.Cells[i], widths[i]);
            line.Append(cell);
            if (i + 1 < row.Cells.Count)
                line.Append(' ', widths[i] - Columns.Of(cell)).Append(Gap);
        }

        return line.ToString();
    }

    /// <summary>The end of what was typed, where all of it has no room.</summary>
    private static string Tail(string text, int width)
    {
        text = Visible.Line(text);
        while (Columns.Of(text) > Math.Max(1, width))
            text = text[(char.IsHighSurrogate(text[0]) ? 2 : 1)..];
        return text;
    }
}
