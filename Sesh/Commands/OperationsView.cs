using System.Globalization;
using Sesh.Output;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary>Operations and entries, for <c>op log</c>, <c>history</c> and <c>undo</c>.</summary>
internal static class OperationsView
{
    public static void Log(Printer output, IReadOnlyList<LoggedOperation> operations, Func<SessionId, string> nameOf, TimeProvider time)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartArray();
                foreach (var operation in operations)
                    Write(json, operation);
                json.EndArray();
            });
            return;
        }

        var table = new Table(new TableColumn("OPERATION"), new TableColumn("WHEN"), new TableColumn("MACHINE"), new TableColumn("VERB"), new TableColumn("SESSION", 20), new TableColumn("CHANGES", 12));
        foreach (var operation in operations)
        {
            table.Add(
                new Cell(operation.Id.ToString(), operation.Ours ? Style.Cyan : Style.Plain),
                When(output, operation.Operation.Wall, time),
                operation.Machine,
                string.Join(' ', [operation.Operation.Verb, .. operation.Operation.Options]),
                Sessions(operation, nameOf),
                Changes(operation));
        }

        output.Table(table);
    }

    public static void History(Printer output, IReadOnlyList<HistoryEntry> history, TimeProvider time)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartArray();
                foreach (var entry in history)
                    Write(json, entry);
                json.EndArray();
            });
            return;
        }

        var table = new Table(
            new TableColumn("WHEN"), new TableColumn("MACHINE"), new TableColumn("VERB"), new TableColumn("FIELD"), new TableColumn("VALUE", 20), new TableColumn("BEFORE", 12), new TableColumn("NOTE"));
        foreach (var entry in history)
        {
            table.Add(
                When(output, entry.Entry.Hlc.Milliseconds, time),
                entry.Machine,
                entry.Operation?.Operation.Verb ?? "",
                FieldNames.Of(entry.Entry.Register),
                FieldNames.Text(entry.Entry.Register.Field, entry.Entry.Value),
                Before(entry) is { } before ? FieldNames.Text(entry.Entry.Register.Field, before) : "",
                entry.Shows ? new Cell("shows", Style.Green) : entry.Lost ? new Cell("lost: concurrent", Style.Yellow) : "");
        }

        output.Table(table);
    }

    public static void Undone(Printer output, UndoResult result, Func<SessionId, string> nameOf)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartObject();
                json.Name("undone"u8);
                Write(json, result.Undone);
                json.Property("operation"u8, result.Written?.Operation.ToString());
                Registers(json, "reversed"u8, result.Reversed);
                Registers(json, "left"u8, result.Left);
                json.EndObject();
            });
            return;
        }

        output.Confirm($"undid {result.Undone.Operation.Verb} of {Sessions(result.Undone, nameOf)} ({result.Undone.Id})");
        foreach (var register in result.Left)
            output.Warning($"{FieldNames.Of(register)} of {register.Session} has been written since and was left", "`--force` sets it back all the same");
    }

    /// <summary>The value that showed before this entry was written; null where nobody knows any more.</summary>
    private static Value? Before(HistoryEntry entry)
    {
        if (entry.Operation is not { } operation)
            return null;
        for (var i = 0; i < operation.Entries.Count && i < operation.Operation.Before.Count; i++)
        {
            if (operation.Entries[i].Name == entry.Entry.Name)
                return operation.Operation.Before[i];
        }

        return null;
    }

    private static void Write(JsonWriter json, LoggedOperation operation)
    {
        json.StartObject();
        json.Property("id"u8, operation.Id.ToString());
        json.Property("verb"u8, operation.Operation.Verb);
        json.Name("options"u8);
        json.StartArray();
        foreach (var option in operation.Operation.Options)
            json.Value(option);
        json.EndArray();
        json.TimeProperty("at"u8, operation.Operation.Wall);
        json.Property("machine"u8, operation.Machine);
        json.Property("replica"u8, operation.Replica.ToString());
        json.Property("ours"u8, operation.Ours);
        json.Property("undoes"u8, operation.Operation.Undoes?.ToString());
        json.Name("changes"u8);
        json.StartArray();
        for (var i = 0; i < operation.Entries.Count; i++)
        {
            json.StartObject();
            Register(json, operation.Entries[i].Register);
            json.Name("value"u8);
            ValueJson.Write(json, operation.Entries[i].Register.Field, operation.Entries[i].Value);
            json.Name("before"u8);
            ValueJson.Write(json, operation.Entries[i].Register.Field, i < operation.Operation.Before.Count ? operation.Operation.Before[i] : Value.Absent);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    private static void Write(JsonWriter json, HistoryEntry entry)
    {
        json.StartObject();
        json.TimeProperty("at"u8, entry.Entry.Hlc.Milliseconds);
        json.Property("machine"u8, entry.Machine);
        json.Property("replica"u8, entry.Entry.Name.Replica.ToString());
        json.Property("seq"u8, entry.Entry.Name.Seq);
        json.Property("operation"u8, entry.Operation?.Id.ToString());
        json.Property("verb"u8, entry.Operation?.Operation.Verb);
        json.Property("field"u8, FieldNames.Of(entry.Entry.Register.Field));
        json.Property("key"u8, entry.Entry.Register.Key);
        json.Name("value"u8);
        ValueJson.Write(json, entry.Entry.Register.Field, entry.Entry.Value);
        json.Name("before"u8);
        ValueJson.Write(json, entry.Entry.Register.Field, Before(entry) ?? Value.Absent);
        json.Property("shows"u8, entry.Shows);
        json.Property("lost"u8, entry.Lost);
        json.EndObject();
    }

    private static void Register(JsonWriter json, Register register)
    {
        json.Property("uuid"u8, register.Session);
        json.Property("field"u8, FieldNames.Of(register.Field));
        json.Property("key"u8, register.Key);
    }

    private static void Registers(JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<Register> registers)
    {
        json.Name(name);
        json.StartArray();
        foreach (var register in registers)
        {
            json.StartObject();
            Register(json, register);
            json.EndObject();
        }

        json.EndArray();
    }

    private static string Sessions(LoggedOperation operation, Func<SessionId, string> nameOf)
    {
        var sessions = operation.Entries.Select(e => e.Register.Session).Distinct().ToList();
        return sessions switch
        {
            [] => "",
            [var one] => nameOf(one) is { Length: > 0 } name ? $"{one.ToString()[..8]} {name}" : one.ToString()[..8],
            _ => string.Create(CultureInfo.InvariantCulture, $"{sessions.Count} sessions"),
        };
    }

    private static string Changes(LoggedOperation operation)
    {
        const int Shown = 3;
        var changes = operation.Entries.Take(Shown).Select(e => $"{FieldNames.Of(e.Register)}={FieldNames.Text(e.Register.Field, e.Value)}");
        var more = operation.Entries.Count - Shown;
        return string.Join(", ", changes) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "");
    }

    /// <summary>For people to the minute in their own time, for scripts exactly.</summary>
    internal static string When(Printer output, long milliseconds, TimeProvider time) =>
        output.IsTerminal ? Timestamp.Local(milliseconds, time.LocalTimeZone) : Timestamp.Of(milliseconds);
}
