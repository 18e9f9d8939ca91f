using Sesh.Processes;
using Sesh.Tmux;

namespace Sesh.Sessions.Doctor;

/// <summary>Is tmux there, and does each of this user's servers answer?</summary>
internal static class TmuxCheck
{
    public static IEnumerable<Finding> Look(TmuxSurroundings surroundings)
    {
        if (surroundings.Program is not { } program)
        {
            yield return Finding.Fail("tmux", "not on PATH", "install tmux; without it no session can be seen live or opened");
            yield break;
        }

        var sockets = TmuxSockets.Alive(surroundings);
        if (sockets.Count == 0)
        {
            yield return Finding.Ok("tmux", $"{program}; no server runs");
            yield break;
        }

        var listing = PaneListing.Begin([.. sockets.Select(s => new TmuxServer(program, s))]);
        var panes = listing.End();
        foreach (var notice in listing.Notices)
            yield return Finding.Warn("tmux", notice.Message, notice.Hint ?? "end that server, or restart it");
        foreach (var socket in sockets)
        {
            var count = panes.Count(p => p.Socket == socket);
            if (count > 0)
                yield return Finding.Ok("tmux", $"{program}; {socket}: {count} {(count == 1 ? "pane" : "panes")}");
        }
    }

    public static Finding Ssh(string? searchPath) =>
        Programs.Find("ssh", searchPath) is { } ssh
            ? Finding.Ok("ssh", ssh)
            : Finding.Warn("ssh", "not on PATH", "install an ssh client; without it no other machine can be reached");
}
