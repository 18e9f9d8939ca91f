using System.Globalization;
using System.Text.Json;

namespace Sesh.Tests.Built;

/// <summary>The daemon of a built sesh's home, however it is started; at the end whatever still runs in that home is killed.</summary>
internal sealed class RunningDaemon(BuiltSesh sesh) : IDisposable
{
    /// <summary>Null where none runs.</summary>
    public int? Pid => sesh.Run("daemon", "status", "--jq", ".process") is { Exit: 0 } run ? int.Parse(run.Output, CultureInfo.InvariantCulture) : null;

    public string Log => File.ReadAllText(Path.Join(sesh.Home, "daemon.log"));

    public void Start() => sesh.Run("daemon", "start").Succeeds();

    /// <summary>As nobody should.</summary>
    public void Kill()
    {
        var pid = Pid!.Value;
        Signal.Send(pid, Signal.Kill);
        Until.True("it is gone", () => !Directory.Exists($"/proc/{pid}"));
    }

    /// <summary>How it stands with the link to a peer; empty where no daemon runs or that peer is not listed.</summary>
    public string Link(string peer)
    {
        var run = sesh.Run("daemon", "status", "--json");
        if (run.Exit != 0)
            return "";
        using var status = JsonDocument.Parse(run.Output);
        foreach (var link in status.RootElement.GetProperty("peers").EnumerateArray())
        {
            if (link.GetProperty("peer").GetString() == peer)
                return link.GetProperty("state").GetString()!;
        }

        return "";
    }

    public void Dispose()
    {
        foreach (var pid in sesh.Strays())
            Signal.Send(pid, Signal.Kill);
        Until.True("nothing is left", () => sesh.Strays().Count == 0);
    }
}
