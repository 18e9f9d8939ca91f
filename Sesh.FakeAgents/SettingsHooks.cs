using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sesh.FakeAgents;

/// <summary>The commands that Claude's <c>settings.json</c> names for an event, run with the event on their standard input; and what Codex notifies.</summary>
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

    /// <summary>Codex's <c>notify</c>, where it stands in one line: its words and the JSON behind them.</summary>
    public static void Notify(string settings, string told)
    {
        var line = File.Exists(settings) ? Regex.Match(File.ReadAllText(settings), @"^notify\s*=\s*(\[.*\])", RegexOptions.Multiline) : Match.Empty;
        if (!line.Success || JsonSerializer.Deserialize<string[]>(line.Groups[1].Value) is not [var program, .. var words])
        {
            return;
        }

        using var notified = Process.Start(new ProcessStartInfo(program, [.. words, told]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        notified.StandardInput.Close();
        notified.StandardOutput.ReadToEnd();
        notified.WaitForExit(Patience);
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
