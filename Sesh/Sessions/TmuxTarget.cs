using Sesh.Sync;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>Where a new window is wanted.</summary>
/// <param name="Socket">The server's socket path; nobody need listen there yet.</param>
/// <param name="Session">A session's name, made if absent; or tmux's <c>$N</c> of the one we run inside of.</param>
internal sealed record TmuxTarget(string Socket, string Session)
{
    /// <summary>
    /// <c>socket:session</c>, the socket a path or a name in tmux's folder. Null: the session we run inside of, else <c>sesh</c> on the default server.
    /// </summary>
    public static TmuxTarget Parse(string? text, TmuxSurroundings surroundings)
    {
        if (text is null)
        {
            return surroundings is { OwnSocket: { } own, OwnSessionId: { } id }
                ? new TmuxTarget(own, id)
                : new TmuxTarget(surroundings.DefaultSocket, "sesh");
        }

        // tmux lets no colon into a session's name, so the last one parts the two.
        var colon = text.LastIndexOf(':');
        var (socket, session) = colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
        if (session.Length == 0 || session.Any(char.IsControl))
            throw new SeshException("bad-target", $"not a target: {text}", "give socket:session, such as default:work", exitCode: 2);
        if (session is ['$' or '@' or '%' or '=' or '-', ..])
            throw new SeshException("bad-target", $"a session's name cannot begin with {session[0]}: {text}", "give socket:session, such as default:work", exitCode: 2);
        return new TmuxTarget(
            socket.Length > 0 ? surroundings.SocketPath(socket) : surroundings.OwnSocket ?? surroundings.DefaultSocket,
            // What tmux itself makes of such a name.
            session.Replace('.', '_'));
    }

    public bool IsOwn => Session is ['$', ..];

    public override string ToString() => $"{Socket}:{Session}";
}
