using System.CommandLine;
using Sesh.Sync;

namespace Sesh.Commands;

internal sealed class PrivateVerb : Verb
{
    private readonly Argument<string> _uuid = Ask.OneSession();

    private readonly Option<bool> _off = Ask.Flag("--off", "let it be shared again");

    public override string Name => "private";

    public override string Usage => "<uuid> [--off]";

    public override string Summary => "keep a session on this machine";

    public override string Description =>
        """
        A private session never leaves this machine, not by sync and not in answer to any request. Only its owner can make it so. A session is shared from birth unless it was born private, and what is shared cannot be called back: such a session is refused. Sessions of the folders that [privacy] paths names in config.toml are born private.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("sesh new --agent claude --private", "a session that is private from birth"), new("sesh private 8b7b --off", "share it from now on")];

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
