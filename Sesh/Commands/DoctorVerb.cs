using System.CommandLine;
using Sesh.Sessions.Doctor;
using Sesh.Sync;

namespace Sesh.Commands;

internal sealed class DoctorVerb : Verb
{
    private const int Partial = 5;

    private readonly Option<bool> _repair = Ask.Flag("--repair", "show what can be repaired without losing anything");

    private readonly Option<bool> _programs = Ask.Hidden(Ask.Flag("--programs", "the agents' programs alone"));

    private readonly Option<bool> _yes = Ask.Flag("--yes", "with --repair: do it", "-y");

    public override string Name => "doctor";

    public override string Summary => "check this installation and say what to do about what is wrong";

    public override string Description =>
        """
        A line each, ok, warn or fail, with the remedy: the configuration, the home folder, every byte of the documents, clocks, the agents' programs, tmux, ssh, transcripts about to be purged, the daemon; and each peer: whether it is reached, its version, what it allows, its clock, and what its own doctor finds amiss.

        Exits 1 where anything fails, and 5 where nothing does but a peer cannot be asked; with --json that is {"results": […], "unreachable": […]}.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh doctor", "check everything"), new("sesh doctor --repair --yes", "and mend what can be mended"), new("sesh doctor --machine desk", "how it stands with another machine")];

    public override MachineMeaning Machine => MachineMeaning.RunsThere;

    public override IReadOnlyList<string> JsonFields => ["health", "subject", "message", "remedy", "repair"];

    protected override void Define(Command command)
    {
        command.Add(_repair);
        command.Add(_yes);
        command.Add(_programs);
    }

    public override int Run(Context context)
    {
        if (context.Get(_yes) && !context.Get(_repair))
            throw new UsageException("--yes goes with --repair");
        if (context.Get(_programs))
        {
            DoctorView.Print(context.Out, Examination.Programs(context), []);
            return 0;
        }

        var findings = Examination.Of(context);
        if (context.Get(_repair))
            findings = Repair(context, findings);
        var peers = Examination.Peers(context);
        findings.AddRange(peers.SelectMany(p => p.Findings));
        var away = peers.Where(p => p.Unreachable is not null).ToList();
        DoctorView.Print(context.Out, findings, away);
        return findings.Exists(f => f.Health == Health.Fail) ? 1 : away.Count > 0 ? Partial : 0;
    }

    /// <summary>Shows the repairs or does them; what was done is looked at again.</summary>
    private List<Finding> Repair(Context context, List<Finding> findings)
    {
        var repairs = findings.Where(f => f.Repair is not null).ToList();
        if (repairs.Count == 0)
            context.Out.Note("nothing to repair");
        foreach (var finding in repairs)
        {
            if (!context.Get(_yes))
            {
                context.Out.Note($"would {finding.Repair!.What}; \"sesh doctor --repair --yes\" does it");
                continue;
            }

            try
            {
                finding.Repair!.Do();
                context.Out.Note($"done: {finding.Repair.What}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SeshException)
            {
                // One repair that fails must not keep the others from being tried.
                context.Out.Warning($"could not {finding.Repair!.What}: {e.Message}");
            }
        }

        return context.Get(_yes) && repairs.Count > 0 ? Examination.Of(context) : findings;
    }
}
