using System.Text;
using Sesh.Config;
using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

internal sealed class InitVerb : Verb
{
    public override string Name => "init";

    public override string Usage => "[--machine <name>]";

    public override string Summary => "set sesh up: give this machine its name";

    public override string Description =>
        """
        The name goes into config.toml and onto everything this machine records; it should never change. On a terminal sesh asks, with the host's name as proposal.
        A name that is already set is never overwritten.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh init", "ask for the name"), new("sesh init --machine laptop", "take this name")];

    public override MachineMeaning Machine => MachineMeaning.Names;

    public override IReadOnlyList<string> JsonFields => ["machine", "home", "config", "changed"];

    public override int Run(Context context)
    {
        if (context.Machine is { } set)
        {
            if (context.MachineOption is { } other && other != set.Text)
                throw new SeshException("machine-set", $"this machine is already called {set}", "a machine keeps its name once it has written under it; under another it would be another machine: with another --home");
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
