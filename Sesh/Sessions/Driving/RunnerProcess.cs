using System.ComponentModel;
using System.Text;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>Starts runners, and waits for what comes of their turns.</summary>
/// <param name="program">This very program.</param>
/// <param name="environment">What it is started with.</param>
internal sealed class RunnerProcess(string program, string home, Func<IReadOnlyCollection<string>> environment)
{
    public const string Died = "runner-died";

    /// <summary>
    /// In a session of its own: neither our end nor our terminal's is its. The turn's lock is its from now on, and ours is given up. The message is on its way then.
    /// </summary>
    public RunningTurn Start(TurnOrder order, TurnLock turn, string message)
    {
        using var input = PassingFile.Of(Encoding.UTF8.GetBytes(message));
        try
        {
            var child = ToldChild.Start(
                program, order.Words(home), environment(), new ChildSetting { Input = input.Descriptor, OwnSession = true, HandedOn = turn.Descriptor, Folder = "/" });
            turn.Dispose();
            return new RunningTurn(child, order);
        }
        catch (Win32Exception e)
        {
            throw new SeshException("runner-failed", $"cannot run {program}: {e.Message}", inner: e);
        }
    }
}

/// <summary>A turn that a runner of ours runs.</summary>
internal sealed class RunningTurn(ToldChild child, TurnOrder order) : IDisposable
{
    /// <summary>Until the turn is over, or taken up where that is all that is asked for.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more; the turn goes on.</exception>
    public Outcome Wait(bool forReply, CancellationToken cancel)
    {
        while (child.Next(cancel) is { } line)
        {
            switch (TurnFile.Parse(line))
            {
                case { Stage: TurnStage.Over, Code.Length: > 0 } failed:
                    throw new SeshException(failed.Code, failed.Text, failed.Hint.Length > 0 ? failed.Hint : null);
                case { Stage: TurnStage.Over } over:
                    return forReply ? new Outcome(TurnResult.Answered, over.Text, over.IsCut) : new Outcome(TurnResult.Taken, "");
                case { Stage: TurnStage.Taken } when !forReply:
                    return new Outcome(TurnResult.Taken, "");
            }
        }

        throw new SeshException(RunnerProcess.Died, "the process that ran the turn was killed", $"see \"sesh transcript {order.Session}\" for how far it came");
    }

    public void Dispose() => child.Dispose();
}
