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
        if (last is { FilePath.Length: > 0 } && Path.GetFileName(last.FilePath.AsSpan()).Contains(id, StringComparison.OrdinalIgnoreCase)
            && TranscriptFolder.File(agent.Name, last.FilePath, id) is { } there)
        {
            return there;
        }

        return agent.Locate(id, live is { Cwd.Length: > 0 } ? live.Cwd : record.Cwd);
    }
}
