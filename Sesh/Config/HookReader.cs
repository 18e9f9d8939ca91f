using Sesh.Sync.Documents;

namespace Sesh.Config;

/// <summary>Makes hooks of their sections; throws at the first that could never run as it is written.</summary>
internal sealed class HookReader(string path)
{
    private static readonly string[] s_agents = ["claude", "codex", "pi"];

    public IReadOnlyList<HookSetting> Read(IEnumerable<ConfigRow> rows)
    {
        var hooks = new List<HookSetting>();
        foreach (var row in rows)
        {
            var hook = Read(row, hooks.Count + 1);
            if (hooks.Exists(h => h.Name == hook.Name))
                throw Fault(row, "name", $"two hooks are called {hook.Name}", "give each a name of its own");
            hooks.Add(hook);
        }

        return hooks;
    }

    private HookSetting Read(ConfigRow row, int number)
    {
        var name = row.Text("name") ?? FormattableString.Invariant($"hook-{number}");
        if (string.IsNullOrWhiteSpace(row.Text("command")))
            throw Fault(row, "command", "a hook needs a command");
        var what = row.Text("event") ?? throw Fault(row, "event", "a hook needs an event", $"there are: {string.Join(", ", HookSetting.Events)}");
        OneOf(row, "event", HookSetting.Events);
        OneOf(row, "from", HookSetting.ValuesOf(what));
        OneOf(row, "to", HookSetting.ValuesOf(what));
        OneOf(row, "agent", s_agents);
        if (row.Text("machine") is { } machine && !MachineName.TryParse(machine, out _))
            throw Fault(row, "machine", $"not a machine name: {machine}", $"a name is {MachineName.Rule}");
        return new HookSetting(name, what, row.Text("command")!)
        {
            From = row.Text("from"),
            To = row.Text("to"),
            Agent = row.Text("agent"),
            Machine = row.Text("machine"),
            Tag = row.Text("tag"),
        };
    }

    private void OneOf(ConfigRow row, string key, IReadOnlyList<string> known)
    {
        if (row.Text(key) is not { } text || known.Count == 0 || known.Contains(text))
            return;
        throw Fault(row, key, $"unknown {key} {text}", Nearest.To(text, known) is { } near ? $"did you mean {near}?" : $"there are: {string.Join(", ", known)}");
    }

    private ConfigException Fault(ConfigRow row, string key, string message, string? hint = null)
    {
        var (line, column) = row.Texts.TryGetValue(key, out var at) ? (at.Line, at.Column) : (row.Line, row.Column);
        return new ConfigException(path, line, column, message, hint);
    }
}
