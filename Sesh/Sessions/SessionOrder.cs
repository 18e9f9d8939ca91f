namespace Sesh.Sessions;

/// <summary>Orders for lists. Where two are equal the uuid decides, so that a list is never in another order than a moment ago.</summary>
internal static class SessionOrder
{
    /// <summary>Times: latest first; texts: ordinal, those without one last.</summary>
    public static Comparison<SessionView> By(string key) => key switch
    {
        "created" => Latest(v => v.Record.CreatedAt),
        "updated" => Latest(v => v.Record.UpdatedAt),
        "name" => Text(v => v.Record.Name),
        "agent" => Text(v => v.Record.Agent),
        "machine" => Text(v => v.Record.Machine),
        "cwd" => Text(v => v.Record.Cwd),
        "status" => Latest(Need),
        "uuid" => (a, b) => a.Record.Uuid.CompareTo(b.Record.Uuid),
        _ => Latest(v => v.LastActivity),
    };

    /// <summary>Who waits for the user comes first, then who works, then who is ready.</summary>
    private static long Need(SessionView view) => (view.TurnStatus, view.Live) switch
    {
        (Sync.Store.TurnStatus.Blocked, _) => 4,
        (Sync.Store.TurnStatus.Busy, _) => 3,
        (Sync.Store.TurnStatus.Idle, true) => 2,
        (_, true) => 1,
        _ => 0,
    };

    private static Comparison<SessionView> Latest(Func<SessionView, long> key) => (a, b) =>
    {
        var order = key(b).CompareTo(key(a));
        return order == 0 ? a.Record.Uuid.CompareTo(b.Record.Uuid) : order;
    };

    private static Comparison<SessionView> Text(Func<SessionView, string> key) => (a, b) =>
    {
        var (left, right) = (key(a), key(b));
        var order = (left.Length == 0).CompareTo(right.Length == 0);
        if (order == 0)
            order = string.CompareOrdinal(left, right);
        return order == 0 ? a.Record.Uuid.CompareTo(b.Record.Uuid) : order;
    };
}
