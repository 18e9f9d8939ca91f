using Sesh.Processes;
using Sesh.Sync.Documents;

namespace Sesh.Tmux;

/// <summary>What changes a server.</summary>
internal sealed partial class TmuxServer
{
    private const string StampOption = "@sesh-uuid";
    private const string ProcessOption = "@sesh-process";

    /// <summary>
    /// Says in the pane whose it is, and for which process that was said: a stamp outlives the agent it was set for. A pane that is gone
    /// needs none.
    /// </summary>
    public void Stamp(string pane, SessionId session, ProcessRow? process) => Try(StampCommands(pane, session, process));

    /// <summary>As <see cref="TmuxPane.StampedProcess"/> reads.</summary>
    public static string StampText(int pid, long start) => $"{pid} {start}";

    private static IReadOnlyList<IReadOnlyList<string>> StampCommands(string pane, SessionId session, ProcessRow? process) =>
    [
        ["set-option", "-p", "-t", pane, StampOption, session.ToString()],
        process is null
            ? ["set-option", "-p", "-u", "-t", pane, ProcessOption]
            : ["set-option", "-p", "-t", pane, ProcessOption, StampText(process.Pid, process.Start)],
    ];

    /// <summary>Takes the stamp off; a pane that is gone needs nothing.</summary>
    public void Unstamp(string pane) => Try(
        ["set-option", "-p", "-u", "-t", pane, StampOption],
        ["set-option", "-p", "-u", "-t", pane, ProcessOption]);

    /// <summary>tmux's key names, as <c>send-keys</c> takes them: <c>Enter</c>, <c>C-c</c>, <c>y</c>.</summary>
    public void SendKeys(string pane, IReadOnlyList<string> keys) => Do(["send-keys", "-t", pane, "--", .. keys]);

    /// <summary>A pane that is gone, with its server or without, is as killed as can be.</summary>
    public void KillPane(string pane) => Try(["kill-pane", "-t", pane]);

    public bool HasSession(string name) => Try(["has-session", "-t", "=" + name]).Succeeded;

    /// <summary>
    /// A new window that runs a placeholder until <see cref="Respawn"/>, so that the pane can be registered and stamped before its agent lives. The
    /// placeholder ends by itself, and its pane with it, should we die in between.
    /// </summary>
    /// <param name="session">tmux's <c>$N</c>, or <c>=name</c>.</param>
    public string NewWindow(string session, string name, string folder) =>
        Do(["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", session + ":", "-n", TmuxArgument.Literal(name), "-c", TmuxArgument.Literal(folder), .. s_placeholder]);

    /// <summary>As <see cref="NewWindow"/>, in a new session; starts the server where none runs. Another may have made it first: null.</summary>
    public string? NewSession(string session, string window, string folder)
    {
        try
        {
            return DoStarting(
                ["new-session", "-d", "-P", "-F", "#{pane_id}", "-s", TmuxArgument.Literal(session), "-n", TmuxArgument.Literal(window), "-c", TmuxArgument.Literal(folder), .. s_placeholder]);
        }
        catch (Sync.SeshException e) when (e.Message.Contains("duplicate session", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static readonly string[] s_placeholder = ["sleep", "30"];

    /// <summary>
    /// Stamps the pane and puts the agent in the placeholder's stead. Until <see cref="Settle"/> the pane stays when the agent ends, with its last words.
    /// </summary>
    public void Respawn(string pane, SessionId session, string folder, IReadOnlyDictionary<string, string> set, IReadOnlyList<string> command)
    {
        var respawn = new List<string> { "respawn-pane", "-k", "-t", pane, "-c", TmuxArgument.Literal(folder) };
        foreach (var (name, value) in set)
        {
            respawn.Add("-e");
            respawn.Add($"{name}={value}");
        }

        // One word would be read by a shell; env(1) takes it as it is and is gone at once.
        if (command.Count == 1)
            respawn.Add("/usr/bin/env");
        respawn.AddRange(command);
        Do([["set-option", "-p", "-t", pane, "remain-on-exit", "on"], .. StampCommands(pane, session, null), respawn]);
    }

    /// <summary>The launch is believed: the pane goes with its agent again, and the stamp says which process it means.</summary>
    public void Settle(string pane, SessionId session, ProcessRow? process) =>
        Do([["set-option", "-p", "-u", "-t", pane, "remain-on-exit"], .. StampCommands(pane, session, process)]);

    /// <summary>Names of variables in the environment that this server gives to new panes of the session.</summary>
    public IReadOnlyList<string> EnvironmentNames(string pane)
    {
        var names = new List<string>();
        foreach (var line in Do(["show-environment", "-g"], ["show-environment", "-t", pane]).Split('\n'))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && !names.Contains(line[..at]))
                names.Add(line[..at]);
        }

        return names;
    }

    /// <summary>Names of the clients attached to a session.</summary>
    public IReadOnlyList<string> Clients(string sessionId)
    {
        var result = Try(["list-clients", "-t", sessionId, "-F", "#{client_name}"]);
        return result.Succeeded ? result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Makes the pane the one its session shows.</summary>
    public void Select(TmuxPane pane) => Do(
        ["select-window", "-t", $"{pane.SessionId}:{pane.WindowId}"],
        ["select-pane", "-t", pane.Id]);

    public void SwitchClient(string client, TmuxPane pane) => Do(
        ["select-window", "-t", $"{pane.SessionId}:{pane.WindowId}"],
        ["select-pane", "-t", pane.Id],
        ["switch-client", "-c", client, "-t", pane.SessionId]);
}
