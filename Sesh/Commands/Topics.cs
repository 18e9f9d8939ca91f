namespace Sesh.Commands;

/// <summary>Help that is of no single verb.</summary>
internal static class Topics
{
    public static IReadOnlyList<string> Names => ["environment", "formatting", "exit-codes", "departures"];

    public static string? Text(string name) => name switch
    {
        "environment" => Environment,
        "formatting" => Formatting,
        "exit-codes" => ExitCodes,
        "departures" => Departures,
        _ => null,
    };

    private const string Environment = """
        Environment variables

          SESH_HOME            where sesh keeps its files; default ~/.sesh
          SESH_MACHINE         this machine's name, else machine = "…" in config.toml; there is no fall-back to the host's name
          SESH_TMUX_SOCKETS    tmux sockets to look at, parted by ":", instead of all in tmux's usual folder
          SESH_SESSION_ID      set by sesh inside the agents it starts
          CLAUDE_CONFIG_DIR, CODEX_HOME, PI_CODING_AGENT_DIR
                               where the agents keep their files, as the agents themselves read them
          NO_COLOR             no colour, unless --color always

        config.toml, in the home

          machine = "laptop"
          [models]             default, claude, codex, pi: the model a new session is started with
          [agents]             claude, codex, pi: absolute paths of the binaries
          [privacy]            paths = ["~/clients/*"]: sessions in these folders never leave this machine
          [keep]               tags = ["…"]
          [autoname]           command = "…"
          [sync]               metered = true: what need not travel at once waits a minute
          [tui], [[tui.filters]], [[tui.columns]], [[tui.cwd_rules]], [[hooks]]

        An unknown key or a wrong value is an error that names file, line, column and the nearest key.
        """;

    private const string Formatting = """
        Output

        The result goes to standard output, alone; notes, warnings and errors go to standard error. People get tables; colour only on a terminal. Piped, nothing is cut off.
        Control characters in names, paths and transcripts are made visible (␛, <U+202E>), never sent raw.

          --json               JSON, indented by two, times in RFC 3339 UTC
          --fields a,b         only these properties; "--fields help" lists them
          --jq EXPR            through the jq on PATH; texts come out bare
          list --columns a,b   tab-separated, no header, in that order: tab, line end and backslash as \t \n \\,
                               true or false, tags joined by commas, empty for none

        Ages (5m, 3h, 2d) are since the last thing said in a session, or since its record changed. A status that the session's owner has not confirmed lately is shown with its age.

        Durations are 90 (seconds), 30s, 5m, 1h30m, 2d; 0 for no limit.

        With --json an error is also an object on standard output: {"error": {"code", "message", "hint"}}.
        """;

    private const string ExitCodes = """
        Exit status

            0  done
            1  failed, or not found
            2  the command line is wrong
            3  nothing to select; no agent in the pane (pane, pane-resolve)
            4  an agent is there, its session cannot be told (pane-resolve)
            5  partial: machines that had to be asked could not be
            6  the agent is blocked on a question
          124  timed out
          130  cancelled by the user
          141  whoever read standard output has gone
        """;

    private const string Departures = """
        Where sesh departs from the guide of the first sesh

          new --headless --agent pi, and interactive new --agent codex, work
          labels are written locally instead of being forwarded to the owner
          tail is readable by default; --raw gives lines
          delete of a live session needs --force
          autoname --all respects autoRename = false
          import is safe beside a daemon
          turnStatus may be blocked or unknown
          --socket only finds the daemon; nothing else depends on it
        """;
}
