using Sesh.Agents;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Sessions;

/// <summary>Where a session's transcript lies: where it lay when last seen, as long as that is still its id's, else by the agent's rules.</summary>
internal static class TranscriptPlace
{
    public static TranscriptFile? Of(IAgent agent, SessionRecord record, LiveAgent? live, LiveRow? last)
    {
        var id = live is { AgentId.Length: > 0 } ? live.AgentId : record.AgentSessionId;
        if (id.Length == 0)
            return null;
        if (WhereItLay(id, last) is { Length: > 0 } path && TranscriptFolder.File(agent.Name, path, id) is { } there)
            return there;
        return agent.Locate(id, live is { Cwd.Length: > 0 } ? live.Cwd : record.Cwd);
    }

    /// <summary>A row goes on naming a transcript that is there no more, with neither size nor time: so purged is told from never written.</summary>
    public static bool IsGone(LiveRow row) => row is { FilePath.Length: > 0, FileSize: 0, FileTime: 0 };

    /// <summary>Where this id's transcript was last seen, now or before it went; empty where it never was.</summary>
    public static string WhereItLay(string id, LiveRow? last) =>
        id.Length > 0 && last is not null && Path.GetFileName(last.FilePath.AsSpan()).Contains(id, StringComparison.OrdinalIgnoreCase) ? last.FilePath : "";
}
