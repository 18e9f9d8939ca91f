using Sesh.Agents;
using Sesh.Output;
using Sesh.Sessions.Driving;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>What came of a message, for a person, a pipe or a program.</summary>
internal static class OutcomeView
{
    private const int BlockedExit = 6;

    public static IReadOnlyList<string> Fields => ["uuid", "result", "reply", "truncated", "question"];

    /// <returns>The exit status.</returns>
    public static int Print(Printer output, SessionId session, Outcome outcome)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.StartObject();
                json.Property("uuid"u8, session);
                Write(json, outcome);
                json.EndObject();
            });
        }
        else if (outcome.Text.Length > 0)
        {
            output.Text(outcome.Text);
        }

        return Status(output, session, outcome);
    }

    /// <summary>As properties of an object.</summary>
    public static void Write(JsonWriter json, Outcome outcome)
    {
        json.Property("result"u8, Word(outcome.Result));
        json.Property("reply"u8, outcome.Result == TurnResult.Answered ? outcome.Text : null);
        json.Property("truncated"u8, outcome.IsCut);
        json.Property("question"u8, outcome.Result == TurnResult.Blocked ? outcome.Text : null);
    }

    /// <summary>The exit status; with a word for a person where the agent asks something.</summary>
    public static int Status(Printer output, SessionId session, Outcome? outcome)
    {
        if (outcome is { IsCut: true })
            WarnOfCut(output, $"\"sesh transcript {session} --raw\" has all of it");
        if (outcome is { Result: TurnResult.NoTurn })
            output.Note("no turn followed: the agent took the message for a command of its own");
        if (outcome?.Result != TurnResult.Blocked)
            return 0;
        output.Note($"the agent waits for an answer: look with \"sesh pane-capture {session}\", answer with \"sesh pane-keys {session} KEY\"");
        return BlockedExit;
    }

    public static void WarnOfCut(Printer output, string? hint) =>
        output.Warning($"the answer is longer than {TranscriptLimits.Reply >> 20} million characters: this is its beginning", hint);

    private static string Word(TurnResult result) => result switch
    {
        TurnResult.Answered => "answered",
        TurnResult.Taken => "taken",
        TurnResult.NoTurn => "no-turn",
        _ => "blocked",
    };
}
