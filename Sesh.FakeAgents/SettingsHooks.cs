using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sesh.FakeAgents;

/// <summary>The commands that Claude's <c>settings.json</c> names for an event, run with the event on their standard input.</summary>
internal static class SettingsHooks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Run(string settings, string name, string tool, byte[] told)
    {
        if (!File.Exists(settings))
        {
            return;
        }

        using var json = JsonDocument.Parse(File.ReadAllText(settings));
        if (!json.RootElement.TryGetProperty("hooks", out var hooks) || !hooks.TryGetProperty(name, out var groups))
        {
            return;
        }

        foreach (var group in groups.EnumerateArray())
        {
            var matcher = group.TryGetProperty("matcher", out var written) ? written.GetString()! : "";
            if (tool.Length > 0 && matcher is not ("" or "*") && !Regex.IsMatch(tool, $"^({matcher})$"))
            {
                continue;
            }

            foreach (var hook in group.GetProperty("hooks").EnumerateArray())
            {
                Run(hook.GetProperty("command").GetString()!, told);
            }
        }
    }

    private static void Run(string command, byte[] told)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            shell.StandardInput.BaseStream.Write(told);
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want to hear it.
        }

        shell.StandardOutput.ReadToEnd();
        shell.WaitForExit(Patience);
    }
}
