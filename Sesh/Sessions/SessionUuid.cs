using System.Text;
using Org.BouncyCastle.Crypto.Digests;
using Sesh.Sync.Documents;

namespace Sesh.Sessions;

/// <summary>
/// The uuid a session gets when it is first recorded: the agent's own id where that is a UUID, else a UUIDv5 (RFC 9562) of machine, agent
/// and id, so that whoever finds the session first, and however often, names it the same.
/// </summary>
internal static class SessionUuid
{
    /// <summary>The namespace of our UUIDv5s. Part of the format: it never changes.</summary>
    private static ReadOnlySpan<byte> Namespace => [0x6f, 0x1d, 0x0c, 0x5a, 0x3b, 0x52, 0x4e, 0x0b, 0x9a, 0x57, 0x2e, 0x61, 0x9c, 0x44, 0xd8, 0x13];

    public static SessionId Of(string machine, string agent, string agentId) =>
        SessionId.TryParse(agentId, out var own) ? own : Version5(machine, agent, agentId);

    /// <summary>For a second transcript under one id (pi's ids are per folder), whose path alone tells it apart.</summary>
    public static SessionId OfPath(string machine, string agent, string path) => Version5(machine, agent, path);

    /// <summary>
    /// For a session that was recorded as shared, taken back, and is to be private now: under its first uuid whatever is written is shared.
    /// </summary>
    public static SessionId Apart(string machine, string agent, string agentId) => Version5(machine, agent, $"{agentId}\0private");

    private static SessionId Version5(string machine, string agent, string name)
    {
        var digest = new Sha1Digest();
        digest.BlockUpdate(Namespace);
        // NUL cannot stand in what was given, so no two triples read alike.
        digest.BlockUpdate(Encoding.UTF8.GetBytes($"{machine}\0{agent}\0{name}"));
        Span<byte> hash = stackalloc byte[20];
        digest.DoFinal(hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return SessionId.Read(hash);
    }
}
