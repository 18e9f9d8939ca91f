using System.Text;

namespace Sesh.Output;

internal readonly record struct Cell(string Text, Style Style = Style.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <param name="Least">On a terminal too narrow the column gives way down to this many; 0 for one that never does.</param>
internal sealed record TableColumn(string Title, int Least = 0, bool AlignRight = false);

/// <summary>Rows in aligned columns. Made narrower for a terminal alone, and only by cutting the columns that may give way.</summary>
internal sealed class Table(params TableColumn[] columns)
{
    private const int Gap = 2;

    private readonly List<Cell[]> _rows = [];

    public bool IsEmpty => _rows.Count == 0;

    public void Add(params Cell[] row)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] = row[i] with { Text = Visible.Line(row[i].Text) };
        _rows.Add(row);
    }

    /// <param name="width">Of the terminal; null where nothing is to be cut.</param>
    public void Write(ResultBuffer buffer, Palette palette, int? width)
    {
        var widths = Widths(width);
        var line = new StringBuilder();
        Append(line, columns.Select(c => new Cell(c.Title, Style.Bold)).ToArray(), widths, palette, buffer);
        foreach (var row in _rows)
            Append(line, row, widths, palette, buffer);
    }

    private int[] Widths(int? limit)
    {
        var widths = new int[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            widths[i] = Columns.Of(columns[i].Title);
            foreach (var row in _rows)
                widths[i] = Math.Max(widths[i], Columns.Of(row[i].Text));
        }

        if (limit is not { } most)
            return widths;
        // The widest of those that may gives way first, so that short columns stay whole.
        for (var excess = widths.Sum() + (Gap * (columns.Length - 1)) - most; excess > 0; excess--)
        {
            var widest = -1;
            for (var i = 0; i < columns.Length; i++)
            {
                if (columns[i].Least > 0 && widths[i] > columns[i].Least && (widest < 0 || widths[i] > widths[widest]))
                    widest = i;
            }

            if (widest < 0)
                break;
            widths[widest]--;
        }

        return widths;
    }

    private void Append(StringBuilder line, Cell[] row, int[] widths, Palette palette, ResultBuffer buffer)
    {
        line.Clear();
        var blanks = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var text = Columns.Fit(row[i].Text, widths[i]);
            var padding = widths[i] - Columns.Of(text);
            if (columns[i].AlignRight)
                blanks += padding;
            // Blanks are owed, not written, so that no line ends in them.
            if (text.Length > 0)
            {
                line.Append(' ', blanks).Append(palette.Paint(text, row[i].Style));
                blanks = 0;
            }

            blanks += (columns[i].AlignRight ? 0 : padding) + Gap;
        }

        line.Append('\n');
        foreach (var chunk in line.GetChunks())
            buffer.Text(chunk.Span);
    }
}
