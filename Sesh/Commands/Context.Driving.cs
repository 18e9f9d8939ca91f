using Sesh.Processes;
using Sesh.Sessions;
using Sesh.Sessions.Driving;
using Sesh.Sessions.Naming;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary>What drives agents.</summary>
internal sealed partial class Context
{
    public Sending Sending => field ??= new Sending(Store, Holding, RunnerProcess, Surroundings.Variables, ProcessTable.Open, Time);

    public Awaiting Awaiting => field ??= new Awaiting(Store, Live, MachineOrFail, Walk, Time);

    public Interrupting Interrupting => field ??= new Interrupting(Store, Holding, ProcessTable.Open, Time);

    public Compacting Compacting => field ??= new Compacting(Store, Holding, Time);

    public Beginning Beginning => field ??= new Beginning(Store, MachineOrFail, RunnerProcess, IsPrivate, Time);

    public Autonaming Autonaming => field ??= new Autonaming(
        Store, Live, MachineOrFail, Agents, TranscriptCache.Facts,
        new NamingCall(Configuration.AutonameCommand, Variable("SHELL"), () => (Agent("pi"), Binary(Agent("pi")), Configuration.ModelOf("pi")), Surroundings.Program, Surroundings.Variables), Around(), GivenOptions());

    public TurnRunner TurnRunner => field ??= new TurnRunner(Store, Live, Agents, Walk, ProcessTable.Open, Tell);

    private RunnerProcess RunnerProcess => field ??= new RunnerProcess(Surroundings.Program, Home, Surroundings.Variables);

    private Holding Holding => field ??= new Holding(Store, Live, MachineOrFail, Agents, Walk, Facts, Tmux, ProcessTable.Open);

    /// <summary>The session that this runs in; null in none.</summary>
    public SessionId? Around()
    {
        if (Variable("SESH_SESSION_ID") is not { } named)
            return null;
        try
        {
            return SessionId.TryParse(ThisSession.Selector(Tmux, named, ""), out var session) && Snapshot.Find(session) is { Deleted: false } ? session : null;
        }
        catch (SeshException)
        {
            // Inherited from somewhere else: then it is in none.
            return null;
        }
    }

    /// <summary>A line to whoever started this process, if he still listens.</summary>
    private void Tell(ReadOnlyMemory<byte> line)
    {
        try
        {
            Surroundings.Output.Write([.. line.Span, (byte)'\n']);
            Surroundings.Output.Flush();
        }
        catch (IOException)
        {
            // Nobody waits for the turn any more: it goes on all the same.
        }
    }
}
