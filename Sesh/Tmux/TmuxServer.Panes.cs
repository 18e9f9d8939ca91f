namespace Sesh.Tmux;

/// <summary>What a server's panes are.</summary>
internal sealed partial class TmuxServer
{
    /// <summary>The pane, with its window's others; null where it is gone, or the server is.</summary>
    public TmuxPane? Pane(string id)
    {
        var format = new PaneFormat();
        var result = Try(["list-panes", "-t", id, "-F", format.Format]);
        if (result.TimedOut)
            throw Hung();
        if (!result.Succeeded)
            return IsGone(result) || IsMissing(result) ? null : throw new Sync.SeshException("tmux-failed", $"tmux: {result.Complaint}");
        foreach (var pane in format.Parse(result.Text, Socket))
        {
            if (pane.Id == id)
                return pane;
        }

        return null;
    }

    /// <summary>The visible text of a pane; empty where it is gone.</summary>
    public string Screen(string pane) => Try(["capture-pane", "-p", "-t", pane]) is { Succeeded: true } shown ? shown.Text : "";

    /// <summary>The visible text of many panes by one call; those that went away meanwhile are left out.</summary>
    public IReadOnlyDictionary<string, string> Screens(IReadOnlyList<string> panes)
    {
        const int AtOnce = 100; // tmux takes 16 KB of arguments
        var screens = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var from = 0; from < panes.Count;)
        {
            var word = $"sesh-{Random.Shared.NextInt64():x}";
            var commands = new List<IReadOnlyList<string>>();
            var to = Math.Min(from + AtOnce, panes.Count);
            for (var i = from; i < to; i++)
            {
                commands.Add(["capture-pane", "-p", "-t", panes[i]]);
                commands.Add(["display-message", "-p", word]);
            }

            var result = Try(commands);
            var parts = result.Text.Split(word + "\n");
            for (var i = 0; i < parts.Length - 1 && from + i < to; i++)
                screens[panes[from + i]] = parts[i];
            // tmux stops at a pane that is gone: pass over it and go on behind.
            from = result.Succeeded ? to : IsMissing(result) ? from + parts.Length : panes.Count;
        }

        return screens;
    }

    /// <summary>The last lines of a pane: of what it shows and, where that is too short, of what has scrolled out; blank ones at the end are left out.</summary>
    public string Capture(string pane, int lines)
    {
        var text = Do(["capture-pane", "-p", "-t", pane, "-S", "-" + Number(lines)]);
        var all = text.TrimEnd('\n', ' ').Split('\n');
        return string.Join('\n', all.Length > lines ? all[^lines..] : all);
    }
}
