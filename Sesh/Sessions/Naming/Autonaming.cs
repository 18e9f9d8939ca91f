using Sesh.Agents;
using Sesh.Sessions.Reading;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Naming;

/// <summary>A session and the name that a model gave it.</summary>
internal sealed record Named(SessionId Session, string Name);

/// <summary>
/// Names sessions of this machine by what their transcripts say. It is no person's name that it writes: the next may replace it. The session's turn is held meanwhile, so the
/// transcript that is read is not in the middle of one of ours.
/// </summary>
/// <param name="around">The session that this runs in, whose turn may be waiting for our end; null in none.</param>
internal sealed class Autonaming(
    SessionStore store, LiveStore live, MachineName machine, IReadOnlyList<IAgent> agents, Func<IAgent, TranscriptFile, TranscriptFacts> facts, NamingCall call, SessionId? around,
    IReadOnlyList<string> options)
{
    /// <summary>Models are asked for so many at once: most of the time is theirs.</summary>
    private const int AtOnce = 4;

    /// <exception cref="SeshException"><c>named-by-hand</c>, <c>no-transcript</c>, <c>nothing-said</c>, <c>own-turn</c>, <c>name-failed</c>, <c>no-name</c>, <c>not-owner</c>, <c>deleted</c>.</exception>
    public Named Run(SessionId session, Action<string> note, CancellationToken cancel)
    {
        Standing(session);
        call.Prepare();
        using var question = Begin(session, Turn(session, note, cancel));
        return End(question, call.Ask(question.Prompt, cancel));
    }

    /// <summary>All of them; one that fails keeps none of the others.</summary>
    /// <param name="named">Told of each, as it is named.</param>
    /// <param name="failed">Told of each that is not.</param>
    public void Run(IReadOnlyList<SessionId> sessions, Action<Named> named, Action<SessionId, SeshException> failed, Action<string> note, CancellationToken cancel)
    {
        call.Prepare();
        var running = new List<(Task<string> Answer, NameQuestion Question)>();
        try
        {
            // Whose turn another has comes last: that may take a while.
            List<SessionId> late = [];
            foreach (var session in sessions)
            {
                cancel.ThrowIfCancellationRequested();
                if (TurnLock.TryTake(store.Options.Home, session) is { } turn)
                    Start(session, () => turn);
                else
                    late.Add(session);
            }

            foreach (var session in late)
                Start(session, () => Turn(session, note, cancel));
            while (running.Count > 0)
                FinishOne();
        }
        finally
        {
            // Cancelled: they end by the same token, and their turns with them.
            foreach (var (answer, question) in running)
            {
                Task.WaitAny([answer], CancellationToken.None);
                question.Dispose();
            }
        }

        void Start(SessionId session, Func<TurnLock> turn)
        {
            if (running.Count == AtOnce)
                FinishOne();
            try
            {
                var question = Begin(session, turn());
                running.Add((Task.Run(() => call.Ask(question.Prompt, cancel), CancellationToken.None), question));
            }
            catch (SeshException e)
            {
                failed(session, e);
            }
        }

        void FinishOne()
        {
            var (answer, question) = running[Task.WaitAny([.. running.Select(r => r.Answer)], cancel)];
            running.Remove((answer, question));
            using (question)
            {
                try
                {
                    named(End(question, answer.GetAwaiter().GetResult()));
                }
                catch (SeshException e)
                {
                    failed(question.Session, e);
                }
            }
        }
    }

    private TurnLock Turn(SessionId session, Action<string> note, CancellationToken cancel)
    {
        if (TurnLock.TryTake(store.Options.Home, session) is { } free)
            return free;
        if (session == around)
            throw new SeshException("own-turn", $"this runs in a turn of {session}, whose end it would wait for", $"name it afterwards, or by \"sesh rename --keep-auto {session} NAME\"");
        note($"a turn of {session} is on its way: waiting for its end");
        return TurnLock.Take(store.Options.Home, session, cancel);
    }

    /// <param name="turn">Given up where this fails.</param>
    private NameQuestion Begin(SessionId session, TurnLock turn)
    {
        try
        {
            var record = Standing(session);
            var agent = RowMaker.AgentOf(agents, record.Agent) ?? throw new SeshException("unknown-agent", $"this sesh does not know the agent {record.Agent}", "upgrade sesh");
            var file = TranscriptPlace.Of(agent, record, null, live.Find(session, machine.Text)?.Row)
                ?? throw new SeshException("no-transcript", $"session {session} has no transcript here to name it by", "an agent writes it at the first turn");
            using var transcript = OpenTranscript.Open(file.Path, agent, session.ToString());
            var prompt = NamePrompt.Of(transcript) ?? throw new SeshException("nothing-said", $"nothing has been said in session {session} yet", $"name it by \"sesh rename {session} NAME\", or later");
            return new NameQuestion(session, turn, prompt, facts(agent, file).Turns);
        }
        catch
        {
            // Nobody else holds it from here on.
            turn.Dispose();
            throw;
        }
    }

    private Named End(NameQuestion question, string answer)
    {
        var name = NameText.Clean(answer);
        if (name.Length == 0)
            throw new SeshException("no-name", $"the answer for session {question.Session} holds no name", "try again, or another model");
        store.Write(snapshot =>
        {
            var record = Standing(snapshot, question.Session);
            List<Change> changes = [];
            if (record.Name != name)
                changes.Add(new Change(new Register(question.Session, Field.Name), Value.Of(name)));
            if (record.LastAutoNameTurnCount != question.Turns)
                changes.Add(new Change(new Register(question.Session, Field.LastAutoNameTurnCount), Value.Of(question.Turns)));
            return changes.Count == 0 ? null : new Draft("autoname", options, changes);
        });
        return new Named(question.Session, name);
    }

    private SessionRecord Standing(SessionId session) => Standing(store.Read(), session);

    private SessionRecord Standing(Snapshot snapshot, SessionId session) => snapshot.Find(session) switch
    {
        null => throw new SeshException("not-found", $"session {session} has vanished"),
        { Deleted: true } => throw new SeshException("deleted", $"session {session} was deleted"),
        { } record when record.Machine != machine.Text => throw new SeshException("not-owner", $"session {session} is owned by {record.Machine}", $"run on {record.Machine}"),
        { AutoRename: false } => throw new SeshException("named-by-hand", $"session {session} was named by a person, and keeps that name", $"\"sesh autoname-toggle {session} --on\" lets it be named"),
        { } record => record,
    };

    /// <summary>A session whose name is being asked for, and its turn.</summary>
    private sealed record NameQuestion(SessionId Session, TurnLock Turn, string Prompt, long Turns) : IDisposable
    {
        public void Dispose() => Turn.Dispose();
    }
}
