using System.ComponentModel;
using System.Text;
using Sesh.Agents;
using Sesh.Processes;
using Sesh.Sessions.Driving;
using Sesh.Sync;

namespace Sesh.Sessions.Naming;

/// <summary>Asks a model once, the prompt on standard input: by the user's own command, else by a pi that has no tools and keeps nothing. May be used by several threads at once.</summary>
/// <param name="command"><c>[autoname] command</c>, run by the user's shell; null for pi.</param>
/// <param name="shell"><c>$SHELL</c>.</param>
/// <param name="program">This very program: it ends pi should we be killed.</param>
/// <param name="pi">Found when it is needed.</param>
internal sealed class NamingCall(string? command, string? shell, Func<(IAgent Agent, string Binary, string? Model)> pi, string program, Func<IReadOnlyCollection<string>> environment)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const int LongestAnswer = 64 << 10;

    /// <summary>No tools: what stands in a conversation can make a model do nothing but choose a name. No context: the name is not about this folder.</summary>
    private static IReadOnlyList<string> Bare => ["--no-tools", "--no-skills", "--no-context-files"];

    private (IAgent Agent, string Binary, string? Model)? _pi;

    /// <summary>So that what is missing is told once, before anything is asked.</summary>
    /// <exception cref="SeshException"><c>agent-missing</c>, <c>agent-binary</c>.</exception>
    public void Prepare()
    {
        if (command is not null)
            return;
        try
        {
            _pi ??= pi();
        }
        catch (SeshException e) when (e.Code == "agent-missing")
        {
            throw new SeshException(e.Code, $"names are asked of pi, and {e.Message}", "install it, or set [autoname] command in config.toml to another program", inner: e);
        }
    }

    /// <exception cref="SeshException"><c>name-failed</c>, <c>agent-missing</c>.</exception>
    /// <exception cref="OperationCanceledException"/>
    public string Ask(string prompt, CancellationToken cancel)
    {
        using var input = PassingFile.Of(Encoding.UTF8.GetBytes(prompt));
        return command is not null ? ByCommand(command, input.Descriptor, cancel) : ByPi(input.Descriptor, cancel);
    }

    private string ByCommand(string line, int input, CancellationToken cancel)
    {
        var interpreter = shell is { Length: > 0 } && Programs.IsExecutable(shell) ? shell : "/bin/sh";
        CommandResult result;
        try
        {
            result = BoundedChild.Run(
                interpreter, ["-c", line], ProcessEnvironment.Edited(environment(), new Dictionary<string, string>(), [.. HarnessVariables.Names, "TMUX", "TMUX_PANE"]), Patience, LongestAnswer, cancel,
                new ChildSetting { Input = input, Folder = "/" });
        }
        catch (Win32Exception e)
        {
            throw new SeshException("name-failed", $"cannot run {interpreter}: {e.Message}", inner: e);
        }

        cancel.ThrowIfCancellationRequested();
        if (result.TimedOut)
            throw Late("the command of [autoname]");
        return result.Succeeded ? result.Text : throw new SeshException(
            "name-failed", $"the command of [autoname] ended with status {result.ExitCode}{(result.Complaint is { Length: > 0 } said ? $": {said}" : "")}", "try it by hand, with a text on standard input");
    }

    private string ByPi(int input, CancellationToken cancel)
    {
        Prepare();
        var (agent, binary, model) = _pi!.Value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var request = new HeadlessRequest(binary, "", null, "/", model, "", ReadOnly: false, Ephemeral: true, Bare);
            return new HeadlessTurn(agent, environment, program).Run(request, input, session: null, _ => { }, limit.Token).Reply;
        }
        catch (SeshException e) when (e.Code == "interrupted" && limit.IsCancellationRequested)
        {
            cancel.ThrowIfCancellationRequested();
            throw Late(agent.Name);
        }
        catch (SeshException e) when (e.Code == "turn-failed")
        {
            throw new SeshException("name-failed", $"{agent.Name} did not name it: {e.Message}", "try \"pi -p hello\" by hand, or set [autoname] command in config.toml", inner: e);
        }
    }

    private static SeshException Late(string who) => new("name-failed", $"{who} gave no answer in {Patience.TotalMinutes:0} minutes, and was ended");
}
