using Sesh.Tests.Tmux;

namespace Sesh.Tests.Built;

/// <summary>A shell in a pane of a real tmux server, in the world of a built sesh: what a person would see and type. To the shell it is a plain terminal, unless it is to know that it is in tmux.</summary>
internal sealed class TypedPane
{
    private readonly PrivateTmux _tmux;

    /// <param name="insideTmux">TMUX is set, as in every pane.</param>
    public TypedPane(PrivateTmux tmux, BuiltSesh sesh, bool insideTmux = false)
    {
        _tmux = tmux;
        var variables = sesh.Environment.Where(v => v.Key != "PATH").Select(v => $"{v.Key}={v.Value}").ToList();
        variables.Add($"PATH={Path.GetDirectoryName(BuiltSesh.Binary)}:{sesh.Environment["PATH"]}");
        variables.Add("PS1=$ ");
        string[] how = insideTmux ? ["env"] : ["env", "-u", "TMUX", "-u", "TMUX_PANE"];
        Id = tmux.Server.Do(["new-window", "-d", "-P", "-F", "#{pane_id}", "-t", "=main:", "-c", sesh.Root, .. how, .. variables, "/bin/sh"]);
        Waits("$");
    }

    public string Id { get; }

    /// <summary>What is seen now, without empty lines at the end.</summary>
    public string Screen => _tmux.Server.Do(["capture-pane", "-p", "-t", Id]).TrimEnd();

    /// <summary>The same with colours.</summary>
    public string Styled => _tmux.Server.Do(["capture-pane", "-p", "-e", "-t", Id]);

    /// <summary>Types a line and Enter.</summary>
    public void Run(string line)
    {
        Type(line);
        Press("Enter");
    }

    public void Type(string text) => _tmux.Server.Do(["send-keys", "-t", Id, "-l", "--", text]);

    public void Press(params string[] keys) => _tmux.Server.Do(["send-keys", "-t", Id, "--", .. keys]);

    public void Resize(int columns, int rows) => _tmux.Server.Do(["resize-window", "-t", Id, "-x", $"{columns}", "-y", $"{rows}"]);

    public void Waits(string text, double seconds = 40) => Waits($"the pane shows \"{text}\"", s => s.Contains(text, StringComparison.Ordinal), seconds);

    public void Waits(string what, Func<string, bool> seen, double seconds = 40)
    {
        var last = "";
        try
        {
            Until.True(what, () => seen(last = Screen), seconds);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new InvalidOperationException($"{e.Message}\n{last}", e);
        }
    }
}
