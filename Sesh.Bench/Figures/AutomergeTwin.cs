using System.Globalization;
using System.Text;
using System.Text.Json;
using Sesh.Bench.Data;
using Sesh.Bench.Running;
using Sesh.Sync.Documents;

namespace Sesh.Bench.Figures;

/// <summary>The same workload by the same partitions in Automerge, run by node.</summary>
internal sealed class AutomergeTwin(Tools tools, Options options, Workload workload)
{
    /// <param name="Bytes">Saved with its history.</param>
    /// <param name="PlainBytes">The same state without.</param>
    public sealed record Result(double LoadMilliseconds, double Bytes, double PlainBytes);

    public Result Measure()
    {
        if (options.Node.Length == 0)
            throw new FailedRunException("node and @automerge/automerge are not there to compare with");
        var script = Path.Combine(tools.Work, "workload.jsonl");
        File.WriteAllLines(script, Lines());
        var output = tools.Output(
            options.Node, "", Path.Combine(AppContext.BaseDirectory, "automerge.mjs"), options.Automerge, script, options.Quick ? "3" : "20");
        using var result = JsonDocument.Parse(output);
        double Number(string name) => result.RootElement.GetProperty(name).GetDouble();
        return new Result(Number("load"), Number("bytes"), Number("plain"));
    }

    private IEnumerable<string> Lines()
    {
        foreach (var session in workload.Sessions)
            yield return Line(session.Machine, session.Uuid, "birth", session.Settings());
        yield return """{"merge":[[0,1,2,3,4]]}""";
        foreach (var (edits, groups) in workload.Play())
        {
            foreach (var edit in edits)
            {
                var uuid = workload.Sessions[edit.Session].Uuid;
                yield return Line(edit.At, uuid, "edit", edit.Settings(uuid));
            }

            yield return "{\"merge\":[" + string.Join(',', groups.Select(g => "[" + string.Join(',', g) + "]")) + "]}";
        }

        yield return """{"merge":[[0,1,2,3,4]]}""";
    }

    private static string Line(int at, SessionId uuid, string kind, IEnumerable<Setting> settings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("at", at);
            json.WriteString("uuid", uuid.ToString());
            json.WriteString("kind", kind);
            json.WriteStartArray("sets");
            foreach (var (register, value, _) in settings)
            {
                json.WriteStartArray();
                json.WriteStringValue(register.Key is null ? register.Field.ToString() : string.Create(CultureInfo.InvariantCulture, $"{register.Field}:{register.Key}"));
                if (value.AsText() is { } text)
                    json.WriteStringValue(text);
                else if (value.AsBoolean() is { } boolean)
                    json.WriteBooleanValue(boolean);
                else if (value.AsInteger() is { } number)
                    json.WriteNumberValue(number);
                else
                    json.WriteNullValue();
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
