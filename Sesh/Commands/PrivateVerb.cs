using System.CommandLine;
using Sesh.Sync;

namespace Sesh.Commands;

internal sealed class PrivateVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<bool> _off = Ask.Flag("--off", "let it be shared again");

    public override string Name => "private";

    public override string Usage => "<uuid> [--off]";

    public override string Summary => "share a private session (--off), or see whether it is one";

    public override string Description =>
        """
        A private session never leaves this machine, not by sync and not in answer to any request. A session is born private or never becomes so: started by "sesh new --private", or recorded (new, register, adopt, import, resume --fork) while [privacy] paths in config.toml names its folder.

        Only its owner can share it, with --off, and that cannot be taken back: others may hold by then what stands in the shared document. So without --off a session that is shared is refused. To go on in private all the same, name its folder in [privacy] paths and fork it: the fork is private, and what its origin has shared stays with those who have it.
        """;

    public override IReadOnlyList<Example> Examples =>
        [
        new("sesh new --agent claude --private", "a session that is private from birth"),
        new("sesh private 8b7b", "is it private? Exit status 1 if not"),
        new("sesh private 8b7b --off", "share it from now on"),
        new("sesh resume 8b7b --fork", "with its folder in [privacy] paths: go on in private"),
    ];

    protected override void Define(Command command)
    {
        command.Add(_uuid);
        command.Add(_off);
    }

    public override int Run(Context context)
    {
        var record = context.Session(context.Get(_uuid)!);
        if (!context.IsOwn(record))
            throw new SeshException("not-owner", $"session {record.Uuid} is owned by {record.Machine}", $"run on {record.Machine}");
        var wanted = !context.Get(_off);
        if (record.Private == wanted)
        {
            context.Out.Remark(wanted ? "it is private already" : "it is not private");
            return 0;
        }

        context.Store.SetPrivate(record.Uuid, wanted);
        context.Out.Remark(wanted ? "it stays on this machine from now on" : "it is shared from now on; there is no way back");
        return 0;
    }
}
