using Sesh.Sync.Documents;

namespace Sesh.Bench.Data;

/// <summary>One command on one session by one machine.</summary>
/// <param name="Session">Its place in the workload.</param>
/// <param name="At">The machine that writes.</param>
/// <param name="Wall">Milliseconds since 1970 UTC.</param>
internal sealed record Edit(int Session, int At, string Verb, long Wall, IReadOnlyList<(Field Field, string? Key, Value Value)> Sets)
{
    public IEnumerable<Setting> Settings(SessionId uuid) => Sets.Select(s => new Setting(new Register(uuid, s.Field, s.Key), s.Value));
}
