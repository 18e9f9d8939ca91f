using Sesh.Sync.Transports;

namespace Sesh.Sessions.Mesh;

/// <summary>The keys that this machine's sshd shows, where it has them in the usual place.</summary>
internal static class OwnHostKeys
{
    private const string Folder = "/etc/ssh";

    public static IReadOnlyList<string> Fingerprints()
    {
        try
        {
            return [.. Directory.GetFiles(Folder, "ssh_host_*_key.pub").Select(f => HostKey.TryParseLine(File.ReadAllText(f), out var key) ? key.Fingerprint : null).OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No sshd here, or none that we may know of: then its key must be given.
            return [];
        }
    }
}
