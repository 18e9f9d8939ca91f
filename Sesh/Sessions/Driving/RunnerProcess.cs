using System.ComponentModel;
using System.Text;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>Starts runners, and waits for what comes of their turns.</summary>
/// <param name="program">This very program.</param>
/// <param name="environment">What it is started with.</param>
internal sealed class RunnerProcess(string program, string home, Func<IReadOnlyCollection<string>> environment, Func<IProcesses> openProcesses)
{
    public const string Died = "runner-died";

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(25);

    /// <summary>In a session of its own: neither our end nor our terminal's is its. The turn's lock is its from now on.</summary>
    /// <returns>Its pid.</returns>
    public int Start(TurnOrder order, TurnLock turn, string message)
    {
        using var input = PassingFile.Of(Encoding.UTF8.GetBytes(message));
        try
        {
            return Spawn.Start(
                program, order.Words(home), environment(),
                new ChildSetting { Input = input.Descriptor, OwnSession = true, HandedOn = turn.Descriptor, Folder = "/" }, output: -1, error: -1);
        }
        catch (Win32Exception e)
        {
            throw new SeshException("runner-failed", $"cannot run {program}: {e.Message}", inner: e);
        }
    }

    /// <summary>Until the turn is over, or taken up where that is all that is asked for.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more; the turn goes on.</exception>
    public Outcome Wait(TurnOrder order, int pid, bool forReply, CancellationToken cancel)
    {
        var path = TurnFile.PathOf(home, order.Session);
        while (true)
        {
            // Asked first: what it wrote before its end is then there.
            var ended = ChildEnd.Of(pid) is not null || openProcesses().Find(pid) is null;
            var file = TurnFile.Read(path) is { } read && read.Turn == order.Turn ? read : null;
            switch (file?.Stage)
            {
                case TurnStage.Over when file.Code.Length > 0:
                    throw new SeshException(file.Code, file.Text, file.Hint.Length > 0 ? file.Hint : null);
                case TurnStage.Over:
                    return forReply ? new Outcome(TurnResult.Answered, file.Text) : new Outcome(TurnResult.Taken, "");
                case TurnStage.Taken when !forReply:
                    return new Outcome(TurnResult.Taken, "");
            }

            if (ended)
                throw new SeshException(Died, "the process that ran the turn was killed", $"see \"sesh transcript {order.Session}\" for how far it came");
            Pause.For(s_poll, cancel);
        }
    }
}
