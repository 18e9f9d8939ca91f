using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>A session that lives where it does not belong, as where a home was copied: a second life here would fork its history.</summary>
internal static class OtherMachines
{
    /// <exception cref="SeshException"><c>live-on-other</c>.</exception>
    public static void Check(LiveStore live, SessionRecord record) =>
        Check(live, record, "resumed here too, its history would fork", "give --force, or --fork");

    /// <summary>The same before a message.</summary>
    /// <exception cref="SeshException"><c>live-on-other</c>.</exception>
    public static void CheckBeforeMessage(LiveStore live, SessionRecord record) =>
        Check(live, record, "told something here too, its history would fork", "give --force");

    private static void Check(LiveStore live, SessionRecord record, string what, string otherwise)
    {
        if (live.LiveElsewhere(record.Uuid, record.Machine) is not [var held, ..])
            return;
        var when = held.AgeMs < 2 * 60_000 ? "" : $" {held.AgeMs / 60_000} minutes ago";
        throw new SeshException(
            "live-on-other",
            $"session {record.Uuid} {(when.Length == 0 ? "is" : "was")} live{when} on {held.Machine}, which does not own it: {what}",
            $"end it on {held.Machine} first, or {otherwise}");
    }
}
