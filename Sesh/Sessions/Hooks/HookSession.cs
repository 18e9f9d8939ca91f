using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Hooks;

/// <summary>What hooks see of a session.</summary>
internal sealed record HookSession(SessionId Uuid, string Name, string Agent, string Machine, string Cwd, IReadOnlyList<string> Tags, bool Archived, TurnStatus Status, bool Live, string Question, long CreatedAt)
{
    public static HookSession Of(SessionView view) => new(
        view.Record.Uuid, view.Record.Name, view.Record.Agent, view.Record.Machine, view.Record.Cwd, view.Record.Tags, view.Record.Archived, view.TurnStatus, view.Live, view.Row?.PendingQuestion ?? "", view.Record.CreatedAt);
}

/// <summary>Something that happened to a session.</summary>
/// <param name="From">What it was, for events that change a value; else empty.</param>
/// <param name="Session">As it is now; of a deleted one, as it was.</param>
internal sealed record Edge(string Event, string From, string To, HookSession Session);
