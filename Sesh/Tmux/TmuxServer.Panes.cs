using System.ComponentModel;
using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Tmux;

/// <summary>What a server's panes are.</summary>
internal sealed partial class TmuxServer
{
    /// <summary>A server that does not answer within this is left out of a look.</summary>
    private static readonly TimeSpan s_lookPatience = TimeSpan.FromSeconds(1);

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

    /// <summary>Asks every server for all its panes, all at once; meanwhile <paramref name="meanwhile"/> runs. A server that fails or hangs gives none, and a notice.</summary>
    /// <param name="blind">Sockets of servers that are there and did not answer.</param>
    public static IReadOnlyList<TmuxPane> ListAll(IReadOnlyList<TmuxServer> servers, Action meanwhile, ICollection<Notice> notices, out IReadOnlyList<string> blind)
    {
        var unanswered = new List<string>();
        blind = unanswered;
        var format = new PaneFormat();
        var asked = new List<TmuxServer>(servers.Count);
        var children = new List<ChildProcess>(servers.Count);
        foreach (var server in servers)
        {
            try
            {
                children.Add(ChildProcess.Start(server.Program, server.Arguments(["list-panes", "-a", "-F", format.Format])));
                asked.Add(server);
            }
            catch (Win32Exception e)
            {
                unanswered.Add(server.Socket);
                notices.Add(new Notice("tmux-failed", $"cannot run {server.Program}: {e.Message}"));
            }
        }

        meanwhile();
        var panes = new List<TmuxPane>();
        var results = ChildProcess.Finish(children, s_lookPatience);
        for (var i = 0; i < results.Count; i++)
        {
            var (server, result) = (asked[i], results[i]);
            if (result.Succeeded)
            {
                panes.AddRange(format.Parse(result.Text, server.Socket));
            }
            else if (!result.TimedOut && IsGone(result))
            {
                notices.Add(new Notice("tmux-gone", $"the tmux server at {server.Socket} went away", Quiet: true));
            }
            else
            {
                unanswered.Add(server.Socket);
                notices.Add(result.TimedOut
                    ? new Notice("tmux-hung", $"the tmux server at {server.Socket} does not answer: its panes are left out")
                    : new Notice("tmux-failed", $"the tmux server at {server.Socket} failed: {result.Complaint}"));
            }
        }

        return panes;
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
