namespace Sesh.Bench;

internal static class Table
{
    private static readonly string[] Head = ["#", "what", "anchor", "took", "ours", "result", "owed", "wanted", "verdict"];

    public static void Print(IReadOnlyList<Row> rows, TextWriter to)
    {
        var lines = rows.Select(r => r.Cells()).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(c => lines.Where(l => l.Count > c && !(c == 1 && l[2].Length == 0 && l[3].Length == 0)).Max(l => l[c].Length)).ToArray();
        foreach (var line in lines)
            to.WriteLine(string.Join("  ", line.Select((cell, c) => c is >= 3 and <= 7 ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd());
    }
}
