using Sesh.Sync;
using Sesh.Tmux;

namespace Sesh.Sessions;

/// <summary>
/// The session that a command without a uuid means: the one whose agent it runs in. <c>SESH_SESSION_ID</c> is a hint alone, since everything that an agent
/// starts inherits it: where the command runs in a pane, the pane's stamp must say the same.
/// </summary>
internal static class ThisSession
{
    public static string Selector(TmuxSurroundings surroundings, string? sessionVariable, string missing)
    {
        if (sessionVariable is null)
            throw Usage($"{missing}, and this is not inside one");
        if (surroundings.Pane is not { Length: > 0 } pane || surroundings.OwnSocket is not { } socket)
            return sessionVariable;
        var stamp = TmuxServer.Open(surroundings, socket).Pane(pane)?.Stamp ?? "";
        return string.Equals(stamp, sessionVariable, StringComparison.OrdinalIgnoreCase) ? stamp
            : throw Usage(stamp.Length == 0 ? $"SESH_SESSION_ID is inherited: pane {pane} is no session's" : $"SESH_SESSION_ID is inherited: pane {pane} is of session {stamp}");
    }

    private static SeshException Usage(string message) => new("usage", message, "give its uuid", exitCode: 2);
}
