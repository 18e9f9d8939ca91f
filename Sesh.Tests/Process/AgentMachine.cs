using System.Globalization;
using Sesh.Tests.Tmux;

namespace Sesh.Tests.Built;

/// <summary>What a built sesh's world needs to have agents live in tmux: the fake ones first on PATH, and an end for the tmux server that is started there.</summary>
internal sealed class AgentMachine : IDisposable
{
    private readonly BuiltSesh _sesh;

    public AgentMachine(BuiltSesh sesh)
    {
        _sesh = sesh;
        sesh.Environment["PATH"] = $"{FakeAgentFolder.In(sesh.Root)}:{sesh.Environment["PATH"]}";
        Work = Directory.CreateDirectory(Path.Combine(sesh.Root, "work")).FullName;
    }

    /// <summary>Where its agents work.</summary>
    public string Work { get; }

    public string Socket => _sesh.Environment["SESH_TMUX_SOCKETS"].Split(':')[0];

    /// <summary>A session that lives in this machine's tmux, with one turn behind it.</summary>
    public string Live(string agent = "claude")
    {
        var uuid = _sesh.Run("new", "--agent", agent, "--name", $"the {agent}", "--cwd", Work, "--msg", "remember").Error.Split('\n').Select(l => l.Trim()).Single(l => Guid.TryParse(l, out _));
        Until.True("it lives", () => Field(uuid, "live") == "true");
        return uuid;
    }

    /// <summary>The same, ended.</summary>
    public string Detached(string agent = "claude")
    {
        var uuid = Live(agent);
        Tmux("kill-pane", "-t", Field(uuid, "tmux.pane"));
        Until.True("nothing holds it", () => Field(uuid, "live") == "false");
        return uuid;
    }

    public string Field(string uuid, string path) => _sesh.Run("info", uuid, "--json", "--jq", $".{path}").Succeeds().Trim('"');

    /// <summary>Asks that tmux server; what it says, or nothing where it does not run.</summary>
    public string Tmux(params string[] words)
    {
        var ran = Sesh.Processes.ChildProcess.Run(PrivateTmux.Program, ["-S", Socket, .. words], TimeSpan.FromSeconds(10));
        return ran.Succeeded ? ran.Text.TrimEnd('\n') : "";
    }

    /// <summary>Clients that show it: their sizes.</summary>
    public string[] Clients() => Tmux("list-clients", "-F", "#{client_width}x#{client_height} #{client_termname}").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        if (int.TryParse(Tmux("display-message", "-p", "#{pid}"), CultureInfo.InvariantCulture, out var pid))
        {
            Tmux("kill-server");
            Until.True("its tmux is gone", () => !Directory.Exists($"/proc/{pid}"));
        }
    }
}
