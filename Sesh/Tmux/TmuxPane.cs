using Sesh.Sync.Store;

namespace Sesh.Tmux;

/// <summary>One pane as <c>list-panes</c> shows it.</summary>
/// <param name="Socket">The server's socket path.</param>
/// <param name="SessionId">tmux's <c>$N</c>; <paramref name="WindowId"/> is its <c>@N</c>, <paramref name="Id"/> its <c>%N</c>: never used twice by one server.</param>
/// <param name="Stamp">Our <c>@sesh-uuid</c>; empty where there is none.</param>
/// <param name="StampedProcess">Our <c>@sesh-process</c>, "pid start": whom the stamp was set for; empty where unknown.</param>
internal sealed record TmuxPane(
    string Socket,
    string SessionId,
    string WindowId,
    string Id,
    int WindowIndex,
    int PaneIndex,
    int Pid,
    bool Dead,
    bool SessionAttached,
    string Tty,
    string Stamp,
    string StampedProcess,
    string Session,
    string Window,
    string Title)
{
    public TmuxPlace Place => new(Socket, Session, WindowIndex.ToString(System.Globalization.CultureInfo.InvariantCulture), Id);
}
