using System.Globalization;

namespace Sesh.Tmux;

/// <summary>
/// The format that <c>list-panes</c> is asked for, and the reading of the answer. Fields are TAB-separated: tmux 3.5 writes every other control byte as octal,
/// 3.3 writes them raw. tmux keeps control bytes out of names and titles; should one pass all the same, the title stands last, and each row begins with a word made for this one
/// call, so that nothing can look like a row. What runs in a pane and where is not asked: tmux reads /proc for it, pane by pane, and we read the process itself.
/// </summary>
internal sealed class PaneFormat
{
    private const int Fields = 14;

    private readonly string _word = string.Create(CultureInfo.InvariantCulture, $"sesh{Random.Shared.NextInt64():x}");

    public string Format => string.Join(
        '\t',
        _word,
        "#{session_id}",
        "#{window_id}",
        "#{pane_id}",
        "#{window_index}",
        "#{pane_index}",
        "#{pane_pid}",
        "#{pane_dead}",
        "#{session_attached}",
        "#{pane_tty}",
        "#{@sesh-uuid}",
        "#{@sesh-process}",
        "#{session_name}",
        "#{window_name}",
        "#{pane_title}");

    /// <summary>Each pane once: of a window linked into several sessions, the attached one's row. Rows that do not read as rows are left out.</summary>
    public IReadOnlyList<TmuxPane> Parse(string text, string socket)
    {
        var panes = new List<TmuxPane>();
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in text.Split(_word + "\t", StringSplitOptions.RemoveEmptyEntries))
        {
            if (Row(row.EndsWith('\n') ? row[..^1] : row, socket) is not { } pane)
                continue;
            if (!at.TryGetValue(pane.Id, out var seen))
            {
                at[pane.Id] = panes.Count;
                panes.Add(pane);
            }
            else if (pane.SessionAttached && !panes[seen].SessionAttached)
            {
                panes[seen] = pane;
            }
        }

        return panes;
    }

    private static TmuxPane? Row(string row, string socket)
    {
        var f = row.Split('\t', Fields);
        return f.Length == Fields
            && f[0] is ['$', ..]
            && f[1] is ['@', ..]
            && f[2] is ['%', ..]
            && int.TryParse(f[3], CultureInfo.InvariantCulture, out var window)
            && int.TryParse(f[4], CultureInfo.InvariantCulture, out var index)
            && int.TryParse(f[5], CultureInfo.InvariantCulture, out var pid)
            ? new TmuxPane(socket, f[0], f[1], f[2], window, index, pid, f[6] == "1", f[7] is not ("" or "0"), f[8], f[9], f[10], f[11], f[12], f[13])
            : null;
    }
}
