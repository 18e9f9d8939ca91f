using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>A tmux client to become, as the last thing this process does.</summary>
/// <param name="Note">Something to tell first; empty for nothing.</param>
internal sealed record Attachment(string Program, IReadOnlyList<string> Arguments, string Note)
{
    /// <summary>Does not return. Without TMUX, or tmux would refuse to nest.</summary>
    public void Become() => Exec.Replace(Program, Arguments, ProcessEnvironment.Edited(new Dictionary<string, string>(), ["TMUX", "TMUX_PANE"]));
}

/// <summary>Going to a pane: by switching the client we are shown in, or by becoming one.</summary>
internal sealed class Going(TmuxSurroundings surroundings, Func<bool> isTerminal)
{
    public const string Nested = "this is tmux inside tmux: press the prefix key twice to reach the inner one";

    /// <summary>Inside this very server, so that switching is enough.</summary>
    public bool IsInside(string socket) => surroundings.OwnSocket is { } own && SameSocket(own, socket);

    /// <summary>There is a screen on which the server's panes could be shown.</summary>
    public bool CanShow(string socket) => IsInside(socket) || isTerminal();

    /// <summary>Throws where going there could not work, before anything is started for it.</summary>
    public void Expect(string socket)
    {
        if (IsInside(socket))
            OwnClient(TmuxServer.Open(surroundings, socket));
        else if (!isTerminal())
            throw new SeshException("no-terminal", "going to a session needs a terminal", "run this in a terminal or inside tmux");
    }

    /// <summary>Null: done, the client has been switched. Otherwise what to become.</summary>
    public Attachment? To(TmuxPlace place)
    {
        var server = TmuxServer.Open(surroundings, place.Socket);
        var pane = server.Pane(place.Pane)
            ?? throw new SeshException("pane-gone", $"pane {place.Pane} went away meanwhile", "run it again: it starts the session anew");
        if (IsInside(place.Socket))
        {
            server.SwitchClient(OwnClient(server), pane);
            return null;
        }

        if (!isTerminal())
            throw new SeshException("no-terminal", "going to a session needs a terminal", "run this in a terminal or inside tmux");
        server.Select(pane);
        return new Attachment(
            server.Program,
            server.Arguments(["attach-session", "-t", pane.SessionId]),
            surroundings.OwnSocket is null ? "" : Nested);
    }

    /// <summary>
    /// The client that shows the pane we run in. tmux does not tell which of several asked (a popup, a script, a second screen): the wrong guess would move
    /// somebody else's screen.
    /// </summary>
    private string OwnClient(TmuxServer server)
    {
        var session = surroundings.Pane is { Length: > 0 } id && server.Pane(id) is { } own ? own.SessionId : surroundings.OwnSessionId;
        return (session is null ? [] : server.Clients(session)) switch
        {
            [var only] => only,
            [] => throw new SeshException("no-client", "no tmux client shows the pane this runs in", "run it in a pane that is on a screen"),
            var several => throw new SeshException(
                "which-client",
                $"{several.Count} tmux clients show this session: {string.Join(", ", several)}",
                "detach the others, or go there with `tmux switch-client -c CLIENT`"),
        };
    }

    private static bool SameSocket(string a, string b) =>
        a == b || (OperatingSystem.IsLinux() && FileIdentity.Of(a) is { } file && FileIdentity.Of(b) == file);
}
