using Sesh.Processes;
using Sesh.Sessions.Driving;

namespace Sesh.Commands;

/// <summary>What drives agents.</summary>
internal sealed partial class Context
{
    public RunnerProcess RunnerProcess => field ??= new RunnerProcess(Surroundings.Program, Home, Surroundings.Variables, ProcessTable.Open);

    public Sending Sending => field ??= new Sending(Store, Live, MachineOrFail, Agents, Walk, Facts, Tmux, RunnerProcess, Surroundings.Variables, ProcessTable.Open, Time);

    public TurnRunner TurnRunner => field ??= new TurnRunner(Store, Live, Agents, Walk, ProcessTable.Open);
}
