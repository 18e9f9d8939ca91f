using System.CommandLine;
using Sesh.Processes;

namespace Sesh.Commands;

/// <summary>Ends a process when the one that started this ends; see <see cref="EndsWithUs"/>. Of no use by hand.</summary>
internal sealed class EndWithVerb : Verb
{
    private readonly Argument<int> _pid = new("pid") { Description = "whom to end" };

    public override string Name => EndsWithUs.Verb;

    public override string Summary => "end a process when the one that started this ends";

    public override bool Hidden => true;

    protected override void Define(Command command) => command.Add(_pid);

    public override int Run(Context context)
    {
        var pid = context.Get(_pid);
        if (pid <= 1)
            throw new UsageException($"no process of ours: {pid}");
        EndsWithUs.Guard(pid, ProcessTable.Open, CancellationToken.None);
        return 0;
    }
}
