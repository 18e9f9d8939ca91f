using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

public sealed partial class SessionStore
{
    /// <summary>
    /// Moves a session from the private document to the shared one. The other way there is none: what stands in a shared document may have been carried anywhere, so
    /// that throws <c>already-shared</c>. Null where nothing is to be done.
    /// </summary>
    /// <exception cref="SeshException"><c>not-found</c>, <c>not-owner</c>, <c>already-shared</c>.</exception>
    public Written? SetPrivate(SessionId session, bool isPrivate) => Writing(writer =>
    {
        var record = writer.Snapshot.Find(session)
            ?? throw new SeshException("not-found", $"no session {session}");
        if (record.Private == isPrivate)
            return null;
        if (!string.Equals(record.Machine, Options.Machine?.Text, StringComparison.Ordinal))
            throw new SeshException("not-owner", $"session {session} is owned by {record.Machine}", $"run this on {record.Machine}");
        if (isPrivate)
            throw AlreadyShared(session);
        var shown = new List<Setting>();
        var cleared = new List<Setting>();
        foreach (var register in writer.Source.State(session)!.Registers)
        {
            if (register.Shown is not { } entry)
                continue;
            shown.Add(new Setting(register.Register, entry.Value));
            cleared.Add(new Setting(register.Register, Value.Absent));
        }

        // Shared first: between the two a crash leaves it in both, with equal values, and private no more.
        var written = writer.Append(shown, PrivateVerb, ["--off"], isPrivate: false);
        writer.Append(cleared, PrivateVerb, ["--off"], isPrivate: true);
        return written;
    });

    private static SeshException AlreadyShared(SessionId session) => new(
        "already-shared", $"session {session} is shared, and what others may hold already cannot be called back",
        $"to go on in private, name its folder in [privacy] paths of config.toml and then \"sesh resume {session} --fork\"; new ones: \"sesh new --private\"");
}
