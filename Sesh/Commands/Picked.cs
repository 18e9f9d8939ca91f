using System.Text;
using Sesh.Output;
using Sesh.Sessions;

namespace Sesh.Commands;

/// <summary>A chosen session as <c>pick</c> prints it: the contract of its three formats. Values are added at the end, and none ever goes.</summary>
/// <param name="Action">As the user wants it; null for what there is to do.</param>
internal sealed record Picked(SessionView View, string? Action)
{
    public static IReadOnlyList<string> Formats => ["json", "nul", "kv"];

    /// <summary>Properties of the JSON object.</summary>
    public static IReadOnlyList<string> Fields => ["action", "uuid", "machine", "agent", "cwd", "name", "tmux"];

    /// <summary>The values in order.</summary>
    public static IReadOnlyList<string> Names => ["action", "uuid", "machine", "agent", "cwd", "name", "tmux_socket", "tmux_session", "tmux_window", "tmux_pane"];

    public void Write(Printer to, string format)
    {
        switch (format)
        {
            case "nul":
                WriteValues(to, (_, value) => value + "\0");
                break;
            case "kv":
                WriteValues(to, (name, value) => $"{name}={Quoted(value)}\n");
                break;
            default:
                to.WriteJson(Write);
                break;
        }
    }

    private string Chosen => Action ?? (View.Tmux is not null ? "goto" : "resume");

    private string[] Values()
    {
        var (record, tmux) = (View.Record, View.Tmux);
        return
        [
            Chosen, record.Uuid.ToString(), record.Machine, record.Agent, record.Cwd, record.Name,
            tmux?.Socket ?? "", tmux?.Session ?? "", tmux?.Window ?? "", tmux?.Pane ?? "",
        ];
    }

    private void WriteValues(Printer to, Func<string, string, string> written)
    {
        foreach (var (name, value) in Names.Zip(Values()))
        {
            // A NUL would end the value, and a shell can hold none. Nor does a person at a terminal want control characters.
            var held = to.IsTerminal ? Visible.Line(value) : value.Replace('\0', '\u2400');
            to.Raw(Encoding.UTF8.GetBytes(written(name, held)));
        }
    }

    /// <summary>Between single quotes a POSIX shell takes everything as it is but these themselves.</summary>
    private static string Quoted(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private void Write(JsonWriter json)
    {
        var record = View.Record;
        json.StartObject();
        json.Property("action"u8, Chosen);
        json.Property("uuid"u8, record.Uuid);
        json.Property("machine"u8, record.Machine);
        json.Property("agent"u8, record.Agent);
        json.Property("cwd"u8, record.Cwd);
        json.Property("name"u8, record.Name);
        SessionJson.WriteTmux(json, View);
        json.EndObject();
    }
}
