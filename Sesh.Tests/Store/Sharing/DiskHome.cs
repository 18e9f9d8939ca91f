using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Tests.Store.Sharing;

/// <summary>A home on a real disk that shares, with a clock of its own: live rows and the index are there alone.</summary>
internal sealed class DiskHome(string machine) : IDisposable
{
    private readonly ScratchHome _home = new();

    public string Machine { get; } = machine;

    public SetClock Clock { get; } = new();

    public string Folder => _home.Path;

    public StoreOptions Options => new(_home.Path, MachineName.Parse(Machine), Clock);

    public SessionStore Store => SessionStore.Open(Options);

    public LiveStore Live => new(Options);

    public Sync.Store.Sharing.Sharing Sharing => new(Options);

    public void Dispose() => _home.Dispose();

    public SessionId Register(string name, bool isPrivate = false)
    {
        var session = SessionId.New();
        Store.Write(_ => StoreHome.Birth(session, Machine, name, isPrivate));
        return session;
    }

    /// <summary>As a look at one session does.</summary>
    public void Look(SessionId session, TurnStatus status, long ago = 0) =>
        Live.Merge([new LiveRow { Uuid = session, ObservedAt = Clock.Milliseconds - ago, TurnStatus = status, LastActivity = Clock.Milliseconds - 5000, Live = true }], complete: false);

    public List<Receipt> TakeFrom(DiskHome other) => Exchanges.OneWay(other.Sharing, other.Machine, Sharing);

    public string File(params string[] parts) => _home.File(parts);
}
