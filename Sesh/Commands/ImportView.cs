using System.Globalization;
using Sesh.Output;
using Sesh.Sessions.Import;

namespace Sesh.Commands;

internal static class ImportView
{
    public static void Print(Printer output, ImportReport report, bool dryRun, string machine)
    {
        if (output.Json)
        {
            Json(output, report, dryRun);
        }
        else
        {
            var table = new Table(new TableColumn("UUID"), new TableColumn("AGENT"), new TableColumn("NAME", 20));
            foreach (var row in report.Rows.Where(r => r.Outcome == Imported.Taken))
                table.Add(row.Uuid!.Value.ToString(), row.Agent, row.Name);
            output.Table(table);
        }

        foreach (var row in report.Rows)
        {
            if (row.Outcome == Imported.Left)
                output.Note($"left {row.Place}{(row.Uuid is { } uuid ? $" {uuid}" : "")}{(row.Name.Length > 0 ? $" \"{row.Name}\"" : "")}: {row.Reason}");
            else if (row.Reason.Length > 0)
                output.Note($"{row.Uuid}: {row.Reason}");
        }

        output.Note(string.Create(CultureInfo.InvariantCulture,
            $"{report.Count(Imported.Taken)} {(dryRun ? "to import" : "imported")}, {report.Count(Imported.Known)} known, {report.Count(Imported.Left)} left, from {report.Source}"));
        if (report.Rows.Count > 0 && report.Count(Imported.Left) == report.Rows.Count && report.Rows.Select(r => r.Machine).Distinct().ToList() is [{ Length: > 0 } other] && other != machine)
            output.Note($"they are all of {other}, and this machine is called {machine}: if it is the same one, name it {other}");
    }

    private static void Json(Printer output, ImportReport report, bool dryRun) => output.WriteJson(json =>
    {
        json.StartObject();
        json.Property("source"u8, report.Source);
        json.Property("dryRun"u8, dryRun);
        json.Name("operations"u8);
        json.StartArray();
        foreach (var operation in report.Operations)
            json.Value(operation.ToString());
        json.EndArray();
        json.Name("records"u8);
        json.StartArray();
        foreach (var row in report.Rows)
        {
            json.StartObject();
            json.Property("outcome"u8, row.Outcome switch { Imported.Taken => "imported", Imported.Known => "known", _ => "left" });
            json.Property("place"u8, row.Place);
            json.Property("uuid"u8, row.Uuid?.ToString());
            json.Property("name"u8, row.Name);
            json.Property("agent"u8, row.Agent);
            json.Property("machine"u8, row.Machine);
            json.Property("reason"u8, row.Reason.Length > 0 ? row.Reason : null);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    });
}
