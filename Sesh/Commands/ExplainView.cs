using Sesh.Output;
using Sesh.Sessions.Explain;

namespace Sesh.Commands;

internal static class ExplainView
{
    public static void Print(Printer output, IReadOnlyList<Statement> statements, TimeProvider time)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartArray();
                foreach (var said in statements)
                {
                    json.StartObject();
                    json.Property("field"u8, said.Field);
                    json.Property("value"u8, said.Value);
                    json.Property("shows"u8, said.Shows);
                    json.Property("by"u8, said.By);
                    json.Property("evidence"u8, said.Evidence);
                    json.TimeProperty("at"u8, said.At);
                    json.Property("clock"u8, said.Clock);
                    json.Property("overriddenBy"u8, said.OverriddenBy);
                    json.EndObject();
                }

                json.EndArray();
            });
            return;
        }

        var table = new Table(
            new TableColumn("FIELD"), new TableColumn("VALUE", 16), new TableColumn("SAID BY"), new TableColumn("EVIDENCE", 16), new TableColumn("AT"), new TableColumn("CLOCK"), new TableColumn("OVERRIDDEN BY", 16));
        foreach (var said in statements)
        {
            var style = said.Shows ? Style.Plain : Style.Dim;
            table.Add(
                new Cell(said.Shows ? said.Field : "  " + said.Field, said.Shows ? Style.Bold : Style.Dim),
                new Cell(said.Value, style),
                new Cell(said.By, style),
                new Cell(said.Evidence, style),
                new Cell(said.At > 0 ? OperationsView.When(output, said.At, time) : "", style),
                new Cell(said.Clock, style),
                new Cell(said.OverriddenBy, Style.Dim));
        }

        output.Table(table);
    }
}
