using Sesh.Processes;

namespace Sesh.Tmux;

/// <summary>What the caller's environment says about tmux.</summary>
/// <param name="Tmux"><c>$TMUX</c>: socket path, server pid, session number.</param>
/// <param name="Pane"><c>$TMUX_PANE</c>.</param>
/// <param name="TemporaryFolder"><c>$TMUX_TMPDIR</c>.</param>
/// <param name="Sockets"><c>$SESH_TMUX_SOCKETS</c>.</param>
/// <param name="SearchPath"><c>$PATH</c>.</param>
internal sealed record TmuxSurroundings(string? Tmux, string? Pane, string? TemporaryFolder, string? Sockets, string? SearchPath)
{
    private string? _program;

    public static TmuxSurroundings Of(Func<string, string?> variable) =>
        new(variable("TMUX"), variable("TMUX_PANE"), variable("TMUX_TMPDIR"), variable("SESH_TMUX_SOCKETS"), variable("PATH"));

    /// <summary>The socket of the server we run inside of; null outside tmux.</summary>
    public string? OwnSocket
    {
        get
        {
            if (string.IsNullOrEmpty(Tmux))
                return null;
            // "path,pid,session": the path itself may hold commas.
            var session = Tmux.LastIndexOf(',');
            var pid = session <= 0 ? -1 : Tmux.LastIndexOf(',', session - 1);
            return pid > 0 ? Tmux[..pid] : session > 0 ? Tmux[..session] : Tmux;
        }
    }

    /// <summary>tmux's <c>$N</c> of the session we run inside of, as it was when the pane began; null outside tmux.</summary>
    public string? OwnSessionId =>
        Tmux is { } tmux && tmux.LastIndexOf(',') is var at and > 0 && int.TryParse(tmux.AsSpan(at + 1), out var number) ? $"${number}" : null;

    /// <summary>The folder in which tmux puts this user's sockets.</summary>
    public string SocketFolder => Path.Join(string.IsNullOrEmpty(TemporaryFolder) ? "/tmp" : TemporaryFolder, $"tmux-{Libc.UserId()}");

    /// <summary>The tmux program; null where there is none on PATH.</summary>
    public string? Program => _program ??= Programs.Find("tmux", SearchPath);

    /// <summary>A socket given as a path, or as the name of one in the usual folder.</summary>
    public string SocketPath(string pathOrName) =>
        pathOrName.Contains('/') ? Path.GetFullPath(pathOrName) : Path.Join(SocketFolder, pathOrName.Length == 0 ? "default" : pathOrName);

    /// <summary>Where we start things when not inside tmux: the first of SESH_TMUX_SOCKETS, else the default server.</summary>
    public string DefaultSocket =>
        Sockets?.Split(':', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? SocketPath(first) : SocketPath("default");
}
