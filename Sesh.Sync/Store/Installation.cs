using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

/// <summary>Whom this host writes as under a home, fixed at its first write there. A copied home has none until the copy is first written to.</summary>
/// <param name="Machine">The name it was born under.</param>
/// <param name="Replica">Of its shared document.</param>
public sealed record Installation(MachineName Machine, ReplicaId Replica)
{
    /// <summary>Null before the first write. Takes no lock.</summary>
    /// <exception cref="SeshException"><c>home-unreadable</c>.</exception>
    public static Installation? Of(string home)
    {
        try
        {
            return new ReplicaTable(PosixFiles.Instance, new StorePaths(home)).Current() is { } row && MachineName.TryParse(row.Machine, out var machine)
                ? new Installation(machine, row.Shared.Replica)
                : null;
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Reading(e);
        }
    }
}
