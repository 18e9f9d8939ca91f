using System.Globalization;
using Sesh.Output;

namespace Sesh.Picking;

/// <summary>One session to pick, as it is shown.</summary>
/// <param name="Cells">Without control characters.</param>
/// <param name="Sought">What the filter looks in.</param>
internal sealed record PickerRow(IReadOnlyList<string> Cells, string Sought);

/// <summary>What is being picked from, what was typed, and where the cursor stands. Pure.</summary>
internal sealed record PickerModel
{
    private PickerModel(IReadOnlyList<PickerRow> rows, IReadOnlyList<int> widths) => (Rows, Widths, Shown) = (rows, widths, [.. Enumerable.Range(0, rows.Count)]);

    public IReadOnlyList<PickerRow> Rows { get; }

    /// <summary>For each column that of its widest cell.</summary>
    public IReadOnlyList<int> Widths { get; }

    public string Filter { get; private init; } = "";

    /// <summary>Rows that the filter takes, by their place among all.</summary>
    public IReadOnlyList<int> Shown { get; private init; }

    /// <summary>Place among the shown; 0 where there are none.</summary>
    public int Cursor { get; private init; }

    /// <summary>The row under the cursor, by its place among all; null where the filter takes none.</summary>
    public int? Chosen => Shown.Count > 0 ? Shown[Cursor] : null;

    public static PickerModel Of(IReadOnlyList<PickerRow> rows)
    {
        var widths = new int[rows.Count > 0 ? rows[0].Cells.Count : 0];
        foreach (var row in rows)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], Columns.Of(row.Cells[i]));
        }

        return new(rows, widths);
    }

    /// <param name="page">How many rows are seen at once.</param>
    public PickerModel After(PickerKey key, int page) => key.Action switch
    {
        PickerAction.Text => Filtered(Filter + key.Text),
        PickerAction.Erase => Filtered(Filter[..LastElement(Filter)]),
        PickerAction.EraseWord => Filtered(Filter.TrimEnd() is var kept ? kept[..(kept.LastIndexOf(' ') + 1)] : ""),
        PickerAction.EraseAll => Filtered(""),
        PickerAction.Up => At(Cursor > 0 ? Cursor - 1 : Shown.Count - 1),
        PickerAction.Down => At(Cursor + 1 < Shown.Count ? Cursor + 1 : 0),
        PickerAction.PageUp => At(Cursor - page),
        PickerAction.PageDown => At(Cursor + page),
        PickerAction.First => At(0),
        PickerAction.Last => At(Shown.Count - 1),
        _ => this,
    };

    private PickerModel At(int cursor) => this with { Cursor = Math.Clamp(cursor, 0, Math.Max(0, Shown.Count - 1)) };

    /// <summary>The cursor stays on its row as long as that is shown: what is typed to find it must not lose it.</summary>
    private PickerModel Filtered(string filter)
    {
        var words = filter.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var shown = new List<int>();
        var cursor = 0;
        for (var i = 0; i < Rows.Count; i++)
        {
            if (!words.All(w => Rows[i].Sought.Contains(w, StringComparison.OrdinalIgnoreCase)))
                continue;
            if (i == Chosen)
                cursor = shown.Count;
            shown.Add(i);
        }

        return this with { Filter = filter, Shown = shown, Cursor = cursor };
    }

    private static int LastElement(string text)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        return starts.Length == 0 ? 0 : starts[^1];
    }
}
