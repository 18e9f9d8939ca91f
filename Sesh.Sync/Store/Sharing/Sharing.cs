using System.Collections.Immutable;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// Sharing over the files of a home. What is received lies in docs/ as a copier would have put it there; nothing under own/ but locks is ever written. Each call looks at the
/// files as they are now, so other processes may do the same meanwhile.
/// </summary>
public sealed class Sharing : ISharing
{
    private readonly StoreOptions _options;
    private readonly IStoreFiles _files;
    private readonly StorePaths _paths;

    public Sharing(StoreOptions options)
        : this(options, PosixFiles.Instance)
    {
    }

    internal Sharing(StoreOptions options, IStoreFiles files) => (_options, _files, _paths) = (options, files, new StorePaths(options.Home));

    /// <inheritdoc/>
    public StateVector State() => Reading(() => new StateVector(Held().States(), IsOnDisk ? LiveOffer.States(_options.Home) : []));

    /// <inheritdoc/>
    public IEnumerable<Parcel> Offer(StateVector theirs)
    {
        ArgumentNullException.ThrowIfNull(theirs);
        var held = Reading(Held);
        var known = theirs.Documents.ToLookup(d => d.Replica);
        foreach (var replica in held.Replicas)
        {
            foreach (var parcel in Reading(() => Offer(held, replica, [.. known[replica]])))
                yield return parcel;
        }

        if (!IsOnDisk)
            yield break;
        foreach (var parcel in new LiveOffer(_options, new TellableSessions(Documents(), _options.Time).MayLeave).Parcels(theirs.Live))
            yield return parcel;
    }

    /// <inheritdoc/>
    public Receipt Take(Parcel parcel, string from)
    {
        try
        {
            return parcel switch
            {
                FramesParcel frames => new FramesIntake(Documents(), frames).Take(),
                DocumentParcel document => new DocumentIntake(Documents(), document).Take(),
                CompactionParcel compaction => new CompactionIntake(Documents(), compaction).Take(),
                LiveParcel live when IsOnDisk => new LiveIntake(_options, _files, live).Take(from),
                _ => new Receipt(Outcome.Refused, "a parcel of a kind that is not known here"),
            };
        }
        catch (RefusedParcelException e)
        {
            return new Receipt(Outcome.Refused, e.Message);
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }
    }

    /// <inheritdoc/>
    public void Confirm(ImmutableArray<LiveState> told)
    {
        if (IsOnDisk)
            new LiveConfirmation(_options, _files).Take(told);
    }

    // Live files are read and written beside the narrow interface: they are no part of what must outlive a crash.
    private bool IsOnDisk => _files is PosixFiles;

    private static IReadOnlyList<Parcel> Offer(HeldDocuments held, Documents.ReplicaId replica, IReadOnlyList<DocumentState> theirs)
    {
        if (DocumentOffer.IsNothing(held.StatesOf(replica), theirs))
            return [];
        // Synced after it was read: so all of what was read is.
        var branches = held.Branches(replica);
        held.Sync(replica);
        return new DocumentOffer(branches, theirs).Parcels();
    }

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Reading(e);
        }
    }

    private DocumentFiles Documents() => new(_files, _paths);

    private HeldDocuments Held() => HeldDocuments.Of(Documents(), _options.Time);
}
