using System.Text;
using Sesh.Agents;
using Sesh.Processes;

namespace Sesh.Sessions.Driving;

/// <summary><c>delegate</c>: one turn of a new agent that may only read, of which nothing remains. It ends with whoever asked for it.</summary>
internal static class Delegating
{
    /// <param name="program">This very program: it ends the agent should we be killed.</param>
    /// <returns>The reply, and whether that is only its beginning.</returns>
    public static (string Reply, bool IsCut) Run(IAgent agent, string binary, string cwd, string? model, string task, string program, Func<IReadOnlyCollection<string>> environment, CancellationToken cancel)
    {
        Sending.Check(agent, task);
        using var input = PassingFile.Of(Encoding.UTF8.GetBytes(task));
        var request = new HeadlessRequest(binary, "", null, cwd, model, "", ReadOnly: true, Ephemeral: true, []);
        try
        {
            return new HeadlessTurn(agent, environment, program).Run(request, input.Descriptor, session: null, _ => { }, cancel);
        }
        catch (Sync.SeshException e) when (e.Code == "interrupted" && cancel.IsCancellationRequested)
        {
            // By us: whoever cancelled tells why.
            throw new OperationCanceledException(cancel);
        }
    }
}
