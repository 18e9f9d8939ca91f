using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

public sealed partial class SessionStore
{
    /// <summary>
    /// Gives this installation another name, for where another one has its name too. From then on it writes as that machine, and owns the sessions that this host recorded under its former name
    /// itself; those that a copied home came with stay with the original. The store is of no use afterwards: open it with the new name. Done again it changes nothing.
    /// </summary>
    /// <returns>How many sessions that are not deleted went along, and how many of the former name did not.</returns>
    /// <exception cref="SeshException">As of <see cref="Write"/>.</exception>
    public (int Taken, int Left) Rename(MachineName to) => Writing(writer => writer.Rename(to));
}
