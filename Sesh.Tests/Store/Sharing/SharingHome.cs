using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Sharing;
using Sesh.Tests.Store.Faults;

namespace Sesh.Tests.Store.Sharing;

/// <summary>A home in memory that shares: one machine of a small mesh without a network.</summary>
internal sealed class SharingHome(string machine, TimeProvider? time = null, MemoryFiles? files = null)
{
    public const string Path = "/home";

    public string Machine { get; } = machine;

    public TimeProvider Time { get; } = time ?? new SetClock();

    public MemoryFiles Files { get; set; } = files ?? new MemoryFiles();

    public StoreOptions Options => new(Path, MachineName.Parse(Machine), Time);

    public SessionStore Store => SessionStore.Open(Options, Files);

    public Sync.Store.Sharing.Sharing Sharing => new(Options, Files);

    public SessionId Register(string name, bool isPrivate = false)
    {
        var session = SessionId.New();
        Store.Write(_ => StoreHome.Birth(session, Machine, name, isPrivate));
        return session;
    }

    public void Rename(SessionId session, string name) => Store.Write(_ => StoreHome.Rename(session, name));

    public string? NameOf(SessionId session) => Store.Read().Find(session)?.Name;

    /// <summary>What this one lacks, from another: one way, once. The receipts, in the order of the parcels.</summary>
    public List<Receipt> TakeFrom(SharingHome other) => Exchanges.OneWay(other.Sharing, other.Machine, Sharing);

    public List<Receipt> TakeFrom(SharingHome other, StateVector said) => Exchanges.OneWay(other.Sharing, other.Machine, Sharing, said);

    public StateVector State() => Sharing.State();

    /// <summary>Both ways until nothing more is offered.</summary>
    public void Exchange(SharingHome other)
    {
        for (var rounds = 0; rounds < 10; rounds++)
        {
            if (TakeFrom(other).Count + other.TakeFrom(this).Count == 0)
                return;
        }

        throw new InvalidOperationException($"{Machine} and {other.Machine} never come to an end");
    }

    public IReadOnlyDictionary<string, byte[]> Docs() => Files.List(Path + "/docs").ToDictionary(n => n, n => Files.Read($"{Path}/docs/{n}"));
}
