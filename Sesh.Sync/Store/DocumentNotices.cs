using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store;

/// <summary>What is told of document files.</summary>
internal static class DocumentNotices
{
    private const string GiveAnotherName = "if a home was copied, \"sesh init --machine NEW --rename\" on the copy gives that one another name, and what it recorded since";

    /// <summary>
    /// Damage is told aloud until the next write has seen to it: one's own document is mended then, the bytes of another's are in quarantine and only
    /// <c>doctor</c> tells of it.
    /// </summary>
    public static void Add(List<Notice> notices, DocumentFile file, LoadedDocument document, Quarantine quarantine)
    {
        if (document.IsSound)
            return;
        var name = Path.GetFileName(file.Path);
        if (document.HasTornTail)
        {
            // A frame being written at this moment looks the same.
            notices.Add(new Notice("torn-tail", $"{name} ends in the middle of a frame that was never finished", Quiet: true));
            return;
        }

        var bytes = document.Damage.Sum(d => d.Length);
        notices.Add(new Notice(
            "damaged",
            $"{bytes} bytes of {name} are damaged; everything else in it was read",
            file.IsOwn ? "run \"sesh sync\" to bring back what peers hold" : "run \"sesh sync\" with its owner to replace it",
            Quiet: !file.IsOwn && quarantine.Holds(file.Path, document)));
    }

    public static Notice Foreign(DocumentFile file) =>
        new("foreign-file", $"{file.Path} is no document of sesh; it is left alone", "move it out of docs/", Quiet: true);

    public static Notice Forked(ReplicaId replica, string machine) =>
        new("forked", $"two histories of one document of machine '{machine}' are known ({replica}); both are kept", Quiet: true);

    public static Notice NewReplica(string reason) => new("new-replica", $"{reason}; this installation writes under a new replica id from now on");

    public static Notice ClockAhead(string machine) => new(
        "clock-ahead", $"machine '{machine}' wrote with a clock more than a day ahead of this one", $"set the clock of '{machine}', or this one", Quiet: true);

    public static Notice IdentityIgnored(string machine, int count) => new(
        "identity-ignored", $"{count} entries by '{machine}' about identity of sessions it does not own are ignored", Quiet: true);

    public static Notice NameClaimedTwice(string file, string machine) => new(
        "name-claimed-twice", $"{file} is of another installation that calls itself '{machine}' as well", GiveAnotherName, Quiet: true);

    public static Notice NameClaimedTwice(string machine, ReplicaId one, ReplicaId other) => new(
        "name-claimed-twice", $"two installations call themselves '{machine}' and both are in use: {one} and {other}", GiveAnotherName, Quiet: true);

    public static Notice CopiedHome() => new(
        "copied-home",
        "this home is a copy of another one, was moved here, or is shared with another host; from its next write it is an installation of its own",
        "if the other is still in use, call this one something else, best before it writes: \"sesh init --machine NEW --rename\"",
        Quiet: true);

    public static Notice LatelyCopiedHome() => new(
        "copied-home",
        "this home was copied, moved or put back less than a week ago, or is shared with another host, and writes under a replica id of its own since",
        "if the other home is still in use, \"sesh init --machine NEW --rename\" gives this one another name, and what it recorded since; if not, nothing needs doing",
        Quiet: true);
}
