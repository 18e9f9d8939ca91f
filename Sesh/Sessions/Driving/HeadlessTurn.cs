using System.ComponentModel;
using System.Text;
using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Sessions.Driving;

/// <summary>One turn of an agent without a terminal: runs it, reads what it prints, and says what came of it.</summary>
/// <param name="guard">This very program, where the agent must not outlive this process; null where it may.</param>
internal sealed class HeadlessTurn(IAgent agent, Func<IReadOnlyCollection<string>> environment, string? guard = null)
{
    private readonly IDriving _driving = agent.Driving ?? throw new SeshException("unknown-agent", $"this sesh cannot drive {agent.Name}", "upgrade sesh");

    /// <param name="input">The message, as an open file.</param>
    /// <param name="session">For the agent's environment; null where the turn is of no session.</param>
    /// <param name="begun">Called once, as soon as the agent has begun: with its own id, empty where it has not told.</param>
    /// <returns>The reply, and whether that is only its beginning.</returns>
    /// <exception cref="SeshException"><c>turn-failed</c>, <c>interrupted</c>, <c>live-elsewhere</c>, <c>agent-missing</c>.</exception>
    public (string Reply, bool IsCut) Run(HeadlessRequest request, int input, string? session, Action<string> begun, CancellationToken stop)
    {
        var plan = _driving.Headless(request);
        var reader = _driving.NewHeadlessReader();
        FollowedChild child;
        try
        {
            child = FollowedChild.Start(plan.Arguments[0], [.. plan.Arguments.Skip(1)], Environment(plan, session), new ChildSetting { Input = input, Folder = plan.Cwd });
        }
        catch (Win32Exception e)
        {
            throw new SeshException("agent-missing", $"cannot run {plan.Arguments[0]}: {e.Message}", inner: e);
        }

        using var guarded = guard is null ? null : EndsWithUs.Watch(guard, child.Pid, environment());
        var told = false;
        var words = new StringBuilder();
        var end = child.Follow(
            line =>
            {
                // What is no JSON is for people: why it does not begin, say.
                if (line.Span[0] != '{' && words.Length < 4096)
                    words.Append(Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 512)])).Append('\n');
                reader.Feed(line.Span);
                if (!told && reader.AgentId.Length > 0)
                {
                    told = true;
                    begun(reader.AgentId);
                }
            },
            stop);
        if (end.Stopped)
            throw new SeshException("interrupted", "the turn was interrupted");
        return Judge(reader, end, words.ToString());
    }

    private (string Reply, bool IsCut) Judge(IHeadlessReader reader, FollowedEnd end, string words)
    {
        if (reader.Failure.Length == 0 && (reader.HasEnded || end.ExitCode == 0) && (reader.HasEnded || reader.Reply.Length > 0))
            return (reader.Reply, reader.IsCut || end.Cut);
        var said = LastWords.Of(end.Said + words);
        if (_driving.IsHeldElsewhere(end.Said) || _driving.IsHeldElsewhere(reader.Failure))
            throw new SeshException("live-elsewhere", $"another process holds the session: {(said.Length > 0 ? said : reader.Failure)}", "see \"sesh list --live\"");
        var why = reader.Failure.Length > 0 ? reader.Failure
            : said.Length > 0 ? said
            : $"{agent.Name} ended with status {end.ExitCode} and said nothing";
        throw new SeshException("turn-failed", $"the turn failed: {FailureText.Of(why)}");
    }

    /// <summary>Ours, without what an agent around us has put there. The agent's own folder is on PATH: what is installed beside it, a node say, is what it was installed with.</summary>
    private IReadOnlyCollection<string> Environment(LaunchPlan plan, string? session)
    {
        var ours = environment();
        var set = new Dictionary<string, string>(plan.Set);
        if (session is not null)
            set["SESH_SESSION_ID"] = session;
        var path = ours.FirstOrDefault(v => v.StartsWith("PATH=", StringComparison.Ordinal))?["PATH=".Length..] ?? "";
        var folder = Path.GetDirectoryName(plan.Arguments[0]) ?? "";
        if (folder.Length > 0 && !path.Split(':').Contains(folder))
            set["PATH"] = path.Length > 0 ? $"{path}:{folder}" : folder;
        return ProcessEnvironment.Edited(ours, set, plan.Unset);
    }
}
