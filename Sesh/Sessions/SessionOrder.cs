using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Orders for lists. Where two are equal the uuid decides, so that a list is never in another order than a moment ago.</summary>
internal static class SessionOrder
{
    /// <summary>By times: latest first; by texts: ordinal, those without one last.</summary>
    public static SessionView[] Sorted(List<SessionView> views, string key) => key switch
    {
        "created" => Latest(views, v => v.Record.CreatedAt),
        "updated" => Latest(views, v => v.Record.UpdatedAt),
        "status" => Latest(views, Need),
        "name" => Ascending(views, v => v.Record.Name),
        "agent" => Ascending(views, v => v.Record.Agent),
        "machine" => Ascending(views, v => v.Record.Machine),
        "cwd" => Ascending(views, v => v.Record.Cwd),
        "uuid" => Latest(views, _ => 0),
        _ => Latest(views, v => v.LastActivity),
    };

    /// <summary>Who waits for the user comes first, then who works, then who is ready.</summary>
    private static long Need(SessionView view) => (view.TurnStatus, view.Live) switch
    {
        (TurnStatus.Blocked, _) => 4,
        (TurnStatus.Busy, _) => 3,
        (TurnStatus.Idle, true) => 2,
        (_, true) => 1,
        _ => 0,
    };

    // Keys are drawn out first: comparing through the views would miss the cache at each step of the sort.
    private static SessionView[] Latest(List<SessionView> views, Func<SessionView, long> key) => Sorted(views, v => new TimeKey(key(v), v.Record.Uuid));

    private static SessionView[] Ascending(List<SessionView> views, Func<SessionView, string> key) => Sorted(views, v => new TextKey(key(v), v.Record.Uuid));

    private static SessionView[] Sorted<TKey>(List<SessionView> views, Func<SessionView, TKey> key)
    {
        var keys = new TKey[views.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = key(views[i]);
        var sorted = views.ToArray();
        Array.Sort(keys, sorted);
        return sorted;
    }

    private readonly record struct TimeKey(long Time, SessionId Uuid) : IComparable<TimeKey>
    {
        public int CompareTo(TimeKey other) => Time == other.Time ? Uuid.CompareTo(other.Uuid) : other.Time.CompareTo(Time);
    }

    private readonly record struct TextKey(string Text, SessionId Uuid) : IComparable<TextKey>
    {
        public int CompareTo(TextKey other)
        {
            var order = (Text.Length == 0).CompareTo(other.Text.Length == 0);
            if (order == 0)
                order = string.CompareOrdinal(Text, other.Text);
            return order == 0 ? Uuid.CompareTo(other.Uuid) : order;
        }
    }
}
