using System.CommandLine;
using System.CommandLine.Parsing;
using Sesh.Config;
using Sesh.Output;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Tmux;

namespace Sesh.Commands;

/// <summary>What a verb works with. Nothing is opened, parsed or asked before a verb asks for it: most of the time of a small verb would be that.</summary>
internal sealed partial class Context(CommandLine line, Surroundings surroundings, Printer printer)
{
    private string? _home;
    private Configuration? _configuration;
    private MachineName? _machine;
    private bool _machineKnown;
    private SessionStore? _store;
    private LiveStore? _live;
    private CancellationToken? _cancel;

    public Printer Out { get; } = printer;

    public Surroundings Surroundings { get; } = surroundings;

    public TimeProvider Time => Surroundings.Time;

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Told of Ctrl-C and of SIGTERM. A verb that never asks is ended by them.</summary>
    public CancellationToken Cancel => _cancel ??= Surroundings.Cancellation();

    /// <summary>Absolute; need not exist.</summary>
    public string Home => _home ??= FindHome();

    public string ConfigPath => Path.Join(Home, "config.toml");

    /// <summary>Throws <see cref="ConfigException"/>.</summary>
    public Configuration Configuration => _configuration ??= ConfigFile.Read(ConfigPath);

    /// <summary>Null where it has no name: reading goes on without.</summary>
    public MachineName? Machine
    {
        get
        {
            if (!_machineKnown)
            {
                // An ssh exec has no SESH_MACHINE: there it is the name that this home was first written under.
                _machine = MachineNaming.Of(Variable, ConfigPath) ?? Installation.Of(Home)?.Machine;
                _machineKnown = true;
            }

            return _machine;
        }
    }

    /// <summary>For what writes, or acts on what is this machine's own.</summary>
    public MachineName MachineOrFail => Machine ?? throw MachineNaming.Unset();

    public SessionStore Store => _store ??= SessionStore.Open(StoreOptions);

    /// <summary>For who works beside: a store serves one thread.</summary>
    public SessionStore NewStore() => SessionStore.Open(StoreOptions);

    public LiveStore Live => _live ??= new LiveStore(StoreOptions);

    public TmuxSurroundings Tmux => field ??= TmuxSurroundings.Of(Surroundings.Variable);

    /// <summary>The machine that asked for this; null where it is a command of this machine's own. What is private does not exist for it, and nothing is asked on its behalf.</summary>
    public string? RequestFrom => Surroundings.RequestFrom;

    /// <summary>The value of <c>--machine</c>; null where it was not given.</summary>
    public string? MachineOption => line.Parse.GetValue(line.Globals.Machine);

    public StoreOptions StoreOptions => new(Home, Machine, Time);

    /// <summary>A variable of the environment; an empty one counts as not set.</summary>
    public string? Variable(string name) => Surroundings.Variable(name) is { Length: > 0 } value ? value : null;

    public T? Get<T>(Option<T> option) => line.Parse.GetValue(option);

    public T? Get<T>(Argument<T> argument) => line.Parse.GetValue(argument);

    /// <summary>Was the option written, with whatever value?</summary>
    public bool IsGiven(Option option) => line.Parse.GetResult(option) is { Implicit: false };

    /// <summary>Is there a <c>--</c> on the command line?</summary>
    public bool HasDoubleDash => line.Parse.Tokens.Any(t => t.Type == TokenType.DoubleDash);

    /// <summary>Names of the verb's own options that were given, for the operation's log; never their values.</summary>
    public IReadOnlyList<string> GivenOptions()
    {
        var given = new List<string>();
        foreach (var option in line.Parse.CommandResult.Command.Options)
        {
            if (IsGiven(option))
                given.Add(option.Name);
        }

        return given;
    }

    /// <summary>The machine that the verb is to run on, where that is another.</summary>
    public MachineName? RunsOn => line.Verb is { Machine: MachineMeaning.RunsThere } && MachineOption is { } given && given != Machine?.Text ? MachineName.Parse(given) : null;

    /// <summary>The verb's own options and arguments as they were given, for another machine to read: arguments behind a <c>--</c>.</summary>
    public IReadOnlyList<string> GivenWords()
    {
        var arguments = line.Parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).ToList();
        return arguments.Count == 0 ? GivenOptionWords() : [.. GivenOptionWords(), "--", .. arguments];
    }

    /// <summary>The verb's own options as they were given, each with its value in one word.</summary>
    public IReadOnlyList<string> GivenOptionWords()
    {
        var words = new List<string>();
        foreach (var option in line.Parse.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit && line.Parse.CommandResult.Command.Options.Contains(o.Option)))
        {
            if (option.Tokens.Count == 0)
                words.Add(option.Option.Name);
            words.AddRange(option.Tokens.Select(t => $"{option.Option.Name}={t.Value}"));
        }

        return words;
    }

    /// <summary>A path as the caller means it: absolute, from the caller's working directory.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Surroundings.WorkingDirectory());

    /// <summary>Checks what only the verb decides; false where the command line was answered here.</summary>
    public bool Prepare()
    {
        var verb = line.Verb!;
        if (MachineOption is { } machine)
        {
            if (verb.Machine == MachineMeaning.Refused)
                throw new UsageException($"{verb.Name} takes no --machine");
            if (!MachineName.TryParse(machine, out _))
                throw new UsageException($"not a machine name: {machine}", $"a name is {MachineName.Rule}");
        }

        if (!Out.Json)
            return true;
        if (verb.JsonFields.Count == 0)
            throw new UsageException($"{verb.Name} prints no JSON");
        if (line.Parse.GetValue(line.Globals.Fields) != "help")
            return true;
        foreach (var field in verb.JsonFields)
            Out.Line(field);
        return false;
    }

    /// <summary>What the files had to say for themselves, once a command and after its result.</summary>
    public void TellNotices()
    {
        if (_store is not { Notices.Count: > 0 } store)
            return;
        Out.Flush();
        foreach (var notice in store.Notices)
        {
            if (!notice.Quiet)
                Out.Warning(notice.Message, notice.Hint);
        }
    }

    private string FindHome()
    {
        if (line.Parse.GetValue(line.Globals.Home) is { } given)
            return given.Length > 0 ? FullPath(given) : throw new UsageException("--home is empty");
        if (Variable("SESH_HOME") is { } named)
            return FullPath(named);
        return Variable("HOME") is { } user ? Path.Join(FullPath(user), ".sesh")
            : throw new SeshException("home-unset", "neither SESH_HOME nor HOME is set", "set SESH_HOME, or give --home");
    }
}
