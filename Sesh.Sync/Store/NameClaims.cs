using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;
using Sesh.Sync.Store.Live;

namespace Sesh.Sync.Store;

/// <summary>
/// Installations that call themselves alike. A replica that another one succeeded wrote its last before the other's first; of two that each spoke within the other's time both are in use: a
/// home was copied.
/// </summary>
/// <param name="machine">What this machine is to be called; null where that is not set.</param>
/// <param name="wall">Now, in milliseconds since 1970 UTC.</param>
internal sealed class NameClaims(ReplicaTable table, string? machine, long wall)
{
    /// <summary>Told for so long after the last word of either, in milliseconds: an installation that is no longer used does not say so.</summary>
    private const long ToldFor = 7L * 24 * 3_600_000;

    private readonly ReplicaRow? _own = table.Current();
    private readonly IReadOnlyList<ReplicaRow> _here = table.Here();
    private readonly bool _isCopy = table.IsOfSeveral();
    private readonly Dictionary<ReplicaId, Words> _words = [];

    /// <summary>Takes in a shared document, or a branch of one.</summary>
    public void Add(LoadedDocument document)
    {
        var replica = document.Header.Replica;
        foreach (var entry in document.Document.Entries())
        {
            if (entry.Name.Replica == replica && Clock.Counts(entry.Hlc, wall))
                Add(replica, document.Header.Machine, entry.Hlc.Milliseconds);
        }
    }

    /// <summary>Takes in when replicas whose documents are held last looked at their machine.</summary>
    public void AddLive(string home)
    {
        using var folder = LiveFolder.Open(home);
        foreach (var header in folder.Files.Select(f => f.Header))
        {
            if (_words.TryGetValue(header.Replica, out var words) && words.Machine == header.Machine)
                Add(header.Replica, header.Machine, LiveClaim.LastWord(header));
        }
    }

    /// <summary>What is to be told of a replica's document; null for nothing.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="isOwn">It lies under own/.</param>
    public Notice? Of(ReplicaId replica, string file, bool isOwn)
    {
        if (!_words.TryGetValue(replica, out var words))
            return null;
        if (words.Machine == (_own?.Machine ?? machine))
            return IsOfAnother(replica, words, isOwn) ? DocumentNotices.NameClaimedTwice(file, words.Machine) : null;
        foreach (var (rival, theirs) in _words)
        {
            if (IsOfFormerName(replica) || IsOfFormerName(rival))
                continue;
            if (rival.CompareTo(replica) > 0 && theirs.Machine == words.Machine && AreInUse(words, theirs))
                return DocumentNotices.NameClaimedTwice(words.Machine, replica, rival);
        }

        return null;
    }

    /// <summary>That this home is, or lately became, a copy; null for others.</summary>
    /// <param name="hasWritten">There are documents under own/.</param>
    public Notice? OfThisHome(bool hasWritten)
    {
        if (_own is null)
            return hasWritten || table.HasRows() ? DocumentNotices.CopiedHome() : null;
        return _isCopy && Since() is var since && wall - since <= ToldFor ? DocumentNotices.LatelyCopiedHome() : null;
    }

    // Who writes here now is in use, whenever it wrote last and whatever the other's clock says.
    private bool IsOfAnother(ReplicaId replica, Words words, bool isOwn)
    {
        if (_own is null)
            return !isOwn;
        if (replica == _own.Shared.Replica)
            return false;
        var isFormer = _here.Any(r => r.Shared.Replica == replica);
        return AreInUse(words, new Words(words.Machine, isFormer ? FirstOf(_own) : Since(), long.MaxValue));
    }

    // This installation has given that name up. Elsewhere nobody can know, and it is told for a week.
    private bool IsOfFormerName(ReplicaId replica) => _own is not null && _here.Any(r => r.Shared.Replica == replica && r.Machine != _own.Machine);

    // When this installation began to write; now, where it did not.
    private long Since() => _here.Min(FirstOf);

    private long FirstOf(ReplicaRow row) => _words.TryGetValue(row.Shared.Replica, out var words) ? words.First : wall;

    private bool AreInUse(Words a, Words b) => a.First < b.Last && b.First < a.Last && wall - Math.Min(a.Last, b.Last) <= ToldFor;

    private void Add(ReplicaId replica, string of, long at) =>
        _words[replica] = _words.TryGetValue(replica, out var words) ? words with { First = Math.Min(words.First, at), Last = Math.Max(words.Last, at) } : new Words(of, at, at);

    private readonly record struct Words(string Machine, long First, long Last);
}
