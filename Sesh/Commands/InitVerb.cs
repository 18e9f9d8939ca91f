using System.CommandLine;
using System.Globalization;
using System.Text;
using Sesh.Config;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class InitVerb : Verb
{
    private readonly Option<bool> _rename = Ask.Flag("--rename", "give another name to a home that has one: see above");

    public override string Name => "init";

    public override string Usage => "[--machine <name> [--rename]]";

    public override string Summary => "set sesh up: give this machine its name";

    public override string Description =>
        """
        The name goes into config.toml and onto everything this machine records; it should never change. On a terminal sesh asks, with the host's name as proposal.
        A name that is already set is never overwritten without --rename.

        --rename is for a home that was copied to another machine, so that two call themselves alike. Run it on the copy: it writes under the new name from then on and takes along the sessions that it has recorded itself since; those that it was copied with stay with the original. Where it dials others or they dial it, they must call it by the new name ("sesh peer add"). Machines that know both go on telling of the two for a week.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh init", "ask for the name"), new("sesh init --machine laptop", "take this name"), new("sesh init --machine laptop2 --rename", "on a copy of laptop's home")];

    public override MachineMeaning Machine => MachineMeaning.Names;

    public override IReadOnlyList<string> JsonFields => ["machine", "home", "config", "changed"];

    protected override void Define(Command command) => command.Add(_rename);

    public override int Run(Context context)
    {
        if (context.Get(_rename))
            return Rename(context, MachineName.Parse(context.MachineOption ?? throw new UsageException("what is it to be called?", "give --machine NAME")));
        if (context.Machine is { } set)
        {
            if (context.MachineOption is { } other && other != set.Text)
                throw new SeshException("machine-set", $"this machine is already called {set}", $"a machine keeps its name; where two homes have one, \"sesh init --machine {other} --rename\" on the copy gives it this one");
            // By SESH_MACHINE alone this shell has it, and a login by ssh has not.
            var isMissing = context.MachineOption is not null && ConfigFile.Machine(context.ConfigPath) is null;
            if (isMissing)
                MachineSetting.Write(context.Home, set);
            Report(context, set, changed: isMissing);
            return 0;
        }

        var name = context.MachineOption is { } given ? MachineName.Parse(given) : AskName(context);
        MachineSetting.Write(context.Home, name);
        Report(context, name, changed: true);
        return 0;
    }

    private static int Rename(Context context, MachineName name)
    {
        if (context.Variable("SESH_MACHINE") is { } named && named != name.Text)
            throw new SeshException("machine-set", $"SESH_MACHINE says {named}", $"set it to {name}, or take it out where it is set, and do this again");
        if (DaemonLock.ProcessOf(context.Home) is not null)
            throw new SeshException("daemon-runs", "the daemon goes by the name of now", "\"sesh daemon stop\", then this, then \"sesh daemon start\"");
        if (context.Peers.Any(p => p.Name == name) || context.Snapshot.Records().Any(r => r.Machine == name.Text && !IsWrittenHere(context, name)))
            throw new SeshException("machine-known", $"{name} is another machine's name", "choose one that nobody has");
        // Before its first write nothing is pinned.
        var (taken, left) = Installation.Of(context.Home) is { } own ? SessionStore.Open(context.StoreOptions with { Machine = own.Machine }).Rename(name) : (0, 0);
        if (ConfigFile.Machine(context.ConfigPath) != name.Text)
            MachineSetting.Write(context.Home, name);
        // Who serves a peer now does so under the former name.
        new GrantMarks(context.Home).Change(context.Peers.Select(p => p.Name.Text).Append(GrantMarks.Any));
        Report(context, name, changed: true);
        if (!context.Out.Json && (taken > 0 || left > 0))
            context.Out.Note(string.Create(CultureInfo.InvariantCulture, $"{taken} sessions recorded here go by it; {left} that this home came with stay with the machine of its former name"));
        return 0;
    }

    /// <summary>It has this name already, and this is done again.</summary>
    private static bool IsWrittenHere(Context context, MachineName name) => Installation.Of(context.Home)?.Machine == name;

    private static MachineName AskName(Context context)
    {
        if (!context.Surroundings.InputIsTerminal || !context.Surroundings.ErrorIsTerminal)
            throw new UsageException("there is no terminal to ask on", "give --machine NAME");
        var proposal = Proposal(Environment.MachineName);
        using var input = new StreamReader(context.Surroundings.Input(), Encoding.UTF8);
        while (true)
        {
            context.Out.Ask($"a name for this machine{(proposal is null ? "" : $" [{proposal}]")}: ");
            var answer = input.ReadLine() ?? throw new OperationCanceledException();
            if (answer.Trim() is { Length: > 0 } typed)
            {
                if (MachineName.TryParse(typed, out var name))
                    return name;
                context.Out.Continue($"a name is {MachineName.Rule}");
            }
            else if (proposal is not null)
            {
                return proposal;
            }
        }
    }

    /// <summary>The host's name without its domain, if it can be one.</summary>
    private static MachineName? Proposal(string host) => MachineName.TryParse(host.Split('.')[0], out var name) ? name : null;

    private static void Report(Context context, MachineName name, bool changed)
    {
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                json.Property("machine"u8, name.Text);
                json.Property("home"u8, context.Home);
                json.Property("config"u8, context.ConfigPath);
                json.Property("changed"u8, changed);
                json.EndObject();
            });
            return;
        }

        context.Out.Confirm(changed ? $"this machine is called {name} (in {context.ConfigPath})" : $"this machine is called {name}");
        if (changed)
            context.Out.Remark("next: \"sesh adopt\" records the sessions that are here");
    }
}
