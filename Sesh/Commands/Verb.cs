using System.CommandLine;

namespace Sesh.Commands;

/// <summary>What <c>--machine</c> means to a verb.</summary>
internal enum MachineMeaning : byte
{
    Refused,

    /// <summary>Rows of that machine alone.</summary>
    Filters,

    /// <summary>The uuid is looked for among that machine's sessions.</summary>
    Narrows,

    /// <summary>The verb runs there.</summary>
    RunsThere,

    /// <summary>What this machine is to be called.</summary>
    Names,
}

internal readonly record struct Example(string Command, string What);

/// <summary>
/// One verb: what help says of it, what it takes, what it does. Made only for the command line that names it; its options and arguments are fields of the verb.
/// </summary>
internal abstract class Verb
{
    /// <summary>As typed: <c>list</c>, <c>op log</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What follows the name: <c>[&lt;uuid&gt;] &lt;name&gt;</c>. One a line where there are several forms.</summary>
    public virtual string Usage => "";

    /// <summary>One line for the list of verbs: an imperative, no full stop.</summary>
    public abstract string Summary { get; }

    /// <summary>Paragraphs for the verb's own help; empty where the summary says all.</summary>
    public virtual string Description => "";

    public virtual IReadOnlyList<Example> Examples => [];

    /// <summary>One of its words is what somebody says, and may begin as it likes.</summary>
    public virtual bool TakesText => false;

    public virtual MachineMeaning Machine => MachineMeaning.Narrows;

    /// <summary>Names for <c>--fields</c>: the properties of its JSON records. Empty: it prints no JSON.</summary>
    public virtual IReadOnlyList<string> JsonFields => [];

    /// <summary>It is for programs: in no help and no completion.</summary>
    public virtual bool Hidden => false;

    /// <summary>Somebody may want to type it: shells offer it.</summary>
    public virtual bool IsTyped => !Hidden;

    public abstract int Run(Context context);

    /// <summary>What it would read from standard input, for the machine on which it runs instead of here; null for nothing.</summary>
    public virtual Stream? InputFor(Context context) => null;

    /// <summary>The command line with which it runs on another machine.</summary>
    public virtual IReadOnlyList<string> WordsFor(Context context) => context.GivenWords();

    /// <summary>What shells offer for the word at this position, options not counted.</summary>
    public virtual Completes Complete(int position) => position == 0 && Build().Arguments.Any(a => a.Name == "uuid") ? Completes.Session : Completes.Nothing;

    /// <summary>Adds options and arguments in the order in which help lists them.</summary>
    protected virtual void Define(Command command)
    {
    }

    /// <param name="name">The word it is called by; null for its own, of "op log" the second: the first is a group, see <see cref="CommandLine"/>.</param>
    public Command Build(string? name = null)
    {
        var command = new Command(name ?? Name[(Name.IndexOf(' ', StringComparison.Ordinal) + 1)..], Summary) { Hidden = Hidden };
        Define(command);
        return command;
    }
}
