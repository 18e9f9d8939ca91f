using System.ComponentModel;
using System.Globalization;
using System.Text;
using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Tmux;

/// <summary>Looking at one pane closely, and putting text into it.</summary>
internal sealed partial class TmuxServer
{
    /// <summary>Megabytes pass in less; a loaded machine takes its time.</summary>
    private static readonly TimeSpan s_pastePatience = TimeSpan.FromSeconds(30);

    private static long s_buffers;

    /// <summary>Null where the pane is gone, or the server is.</summary>
    /// <exception cref="SeshException">The server does not answer.</exception>
    public PaneShot? Shot(string pane)
    {
        var word = $"sesh-{Random.Shared.NextInt64():x}";
        var result = Try(
            ["display-message", "-p", "-t", pane, $"#{{pane_dead}}\t#{{pane_pid}}\t#{{pane_title}}{word}"],
            ["capture-pane", "-e", "-p", "-t", pane]);
        if (result.TimedOut)
            throw Hung();
        if (!result.Succeeded)
            return IsGone(result) || IsMissing(result) ? null : throw new SeshException("tmux-failed", $"tmux: {result.Complaint}");
        var parts = result.Text.Split(word + "\n", 2);
        var facts = parts[0].Split('\t', 3);
        return parts.Length == 2 && facts.Length == 3 && int.TryParse(facts[1], CultureInfo.InvariantCulture, out var pid)
            ? new PaneShot(pid, facts[0] == "1", facts[2], parts[1])
            : null;
    }

    /// <summary>
    /// Pastes text into a pane as one bracketed paste and presses Enter, in one call that looks first whether the pane is dead: tmux 3.3 ends with all its sessions where a
    /// dead one is pasted into. By a buffer of its own, so that no two mix. A pane that its user has scrolled back is put forward: in copy mode tmux leaves the brackets out,
    /// and Enter is the mode's.
    /// </summary>
    /// <returns>False where the pane is dead or gone: then nothing was typed.</returns>
    public bool Paste(string pane, string text)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"sesh-{Environment.ProcessId}-{Interlocked.Increment(ref s_buffers)}");
        using var input = PassingFile.Of(Encoding.UTF8.GetBytes(text));
        CommandResult result;
        try
        {
            result = ChildProcess.Run(
                Program,
                Arguments(
                    ["load-buffer", "-b", name, "-"],
                    [
                        "if-shell", "-F", "-t", pane, "#{pane_dead}",
                        $"delete-buffer -b {name} ; display-message -p dead",
                        $"{LeaveMode(pane)} ; paste-buffer -p -d -b {name} -t {pane} ; send-keys -t {pane} Enter",
                    ]),
                s_pastePatience,
                setting: new ChildSetting { Input = input.Descriptor });
        }
        catch (Win32Exception e)
        {
            throw new SeshException("tmux-failed", $"cannot run {Program}: {e.Message}", inner: e);
        }

        if (result.Succeeded)
            return result.Text.Trim() != "dead";
        Try(["delete-buffer", "-b", name]);
        if (result.TimedOut)
            throw Hung();
        return IsMissing(result) || IsGone(result) ? false : throw new SeshException("tmux-failed", $"tmux: {result.Complaint}");
    }

    /// <summary>Keys by tmux's names for the agent in the pane, whatever mode its user has put it in. Nothing where it is gone.</summary>
    public void Press(string pane, params IReadOnlyList<string> keys) => Try(
        ["if-shell", "-F", "-t", pane, "#{pane_in_mode}", $"copy-mode -q -t {pane}"],
        ["send-keys", "-t", pane, "--", .. keys]);

    private static string LeaveMode(string pane) => $"if-shell -F -t {pane} '#{{pane_in_mode}}' 'copy-mode -q -t {pane}'";
}
