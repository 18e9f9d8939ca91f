namespace Sesh.Sync.Transports;

/// <summary>
/// What the other side's login shell is given to run. That may be sh, bash, zsh, fish or csh: so it is <c>sh -c '…'</c>, and between the single quotes stand no quote, no
/// backslash, no line end and no <c>!</c>, which these shells read differently.
/// </summary>
public static class RemoteCommand
{
    /// <summary>How the script ends where there is no sesh; what shells say of programs they do not find.</summary>
    internal const int NotFound = 127;

    /// <summary>What it then says on standard error, where other programs may have said something else with the same status.</summary>
    internal const string NotFoundMark = "no sesh here";

    private const int MostLength = 1024;

    internal const string PathRule = "must be an absolute path, or one below ~/, of letters, digits, blanks and ._-+@:=,/ alone";

    /// <summary>May the path pass a shell? None of its characters means anything to one within quotes.</summary>
    public static bool IsSafePath(string path) =>
        path.Length is > 0 and <= MostLength
        && (path[0] == '/' || path.StartsWith("~/", StringComparison.Ordinal))
        && !path.AsSpan(1).ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+@:=,/ ");

    /// <exception cref="SeshException"><c>remote-path</c>.</exception>
    public static string CheckPath(string path, string option) =>
        IsSafePath(path) ? path : throw new SeshException("remote-path", $"{option} {PathRule}: {path}", "name it by a link there with a plainer name", exitCode: 2);

    /// <summary><c>sesh serve</c> as the peer's entry wants it.</summary>
    public static string Serve(Peer peer) => Sesh(peer, "serve");

    /// <summary>One of its verbs.</summary>
    /// <param name="words">Options and arguments of safe characters.</param>
    internal static string Sesh(Peer peer, string words)
    {
        var home = peer.RemoteHome is { } path ? $"export SESH_HOME={Quoted(CheckPath(path, "--remote-home"))}; " : "";
        var find = peer.RemoteSesh is { } program ? $"s={Quoted(CheckPath(program, "--remote-sesh"))}" : "s=$(command -v sesh) || s=\"$HOME/.local/bin/sesh\"";
        return Shell($"{home}{find}; [ -x \"$s\" ] || {{ echo \"{NotFoundMark}: $s\" >&2; exit {NotFound}; }}; exec \"$s\" {words}");
    }

    /// <summary>One word of a command line for sh, whatever shell reads it first.</summary>
    /// <exception cref="SeshException"><c>remote-word</c>: it holds what shells read differently.</exception>
    public static string Word(string text) => text.Length <= MostLength && !text.AsSpan().ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+@:=,/ ")
        ? $"\"{text}\""
        : throw new SeshException("remote-word", $"this cannot be handed through a shell on another machine: {text}", "letters, digits, blanks and ._-+@:=,/ can", exitCode: 2);

    /// <summary>A script for sh, as a word for any shell.</summary>
    internal static string Shell(string script) => script.AsSpan().ContainsAny("'\\\n!")
        ? throw new ArgumentException($"a shell may read it differently: {script}", nameof(script))
        : $"sh -c '{script}'";

    /// <summary>A safe path for sh.</summary>
    internal static string Quoted(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? $"\"$HOME{path[1..]}\"" : $"\"{path}\"";
}
