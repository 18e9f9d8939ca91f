using System.ComponentModel;
using Sesh.Processes;
using Sesh.Sync.Store;

namespace Sesh.Tmux;

/// <summary>All panes of all servers, asked for at once. Between <see cref="Begin"/> and <see cref="End"/> there are milliseconds to do something else in.</summary>
internal sealed class PaneListing
{
    /// <summary>A server that does not answer within this is left out.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly PaneFormat _format = new();
    private readonly List<TmuxServer> _asked = [];
    private readonly List<ChildProcess> _children = [];
    private readonly List<Notice> _notices = [];
    private readonly List<string> _blind = [];

    private PaneListing()
    {
    }

    /// <summary>Sockets of servers that are there and did not answer.</summary>
    public IReadOnlyList<string> Blind => _blind;

    /// <summary>Of each server that failed, hung or went away.</summary>
    public IReadOnlyList<Notice> Notices => _notices;

    public static PaneListing Begin(params IReadOnlyList<TmuxServer> servers)
    {
        var listing = new PaneListing();
        foreach (var server in servers)
        {
            try
            {
                listing._children.Add(ChildProcess.Start(server.Program, server.Arguments(["list-panes", "-a", "-F", listing._format.Format])));
                listing._asked.Add(server);
            }
            catch (Win32Exception e)
            {
                listing._blind.Add(server.Socket);
                listing._notices.Add(new Notice("tmux-failed", $"cannot run {server.Program}: {e.Message}"));
            }
        }

        return listing;
    }

    /// <summary>Waits for the answers. A server that fails or hangs gives no panes, and a notice. To be called once.</summary>
    public IReadOnlyList<TmuxPane> End()
    {
        var panes = new List<TmuxPane>();
        var results = ChildProcess.Finish(_children, s_patience);
        for (var i = 0; i < results.Count; i++)
        {
            var (server, result) = (_asked[i], results[i]);
            if (result.Succeeded)
            {
                panes.AddRange(_format.Parse(result.Text, server.Socket));
            }
            else if (!result.TimedOut && TmuxServer.IsGone(result))
            {
                _notices.Add(new Notice("tmux-gone", $"the tmux server at {server.Socket} went away", Quiet: true));
            }
            else
            {
                _blind.Add(server.Socket);
                _notices.Add(result.TimedOut
                    ? new Notice("tmux-hung", $"the tmux server at {server.Socket} does not answer: its panes are left out")
                    : new Notice("tmux-failed", $"the tmux server at {server.Socket} failed: {result.Complaint}"));
            }
        }

        return panes;
    }
}
