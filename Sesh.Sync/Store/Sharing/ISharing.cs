using System.Collections.Immutable;

namespace Sesh.Sync.Store.Sharing;

/// <summary>What a home gives other machines and takes from them. Safe to use from many links at once; every call may read and write files and never waits for a network.</summary>
public interface ISharing
{
    /// <summary>What is held now. Cheap where the index says what the files say.</summary>
    StateVector State();

    /// <summary>
    /// What a machine with that vector lacks and this one may give: every replica's documents, each only up to a head that its owner signed; live rows. Own frames are made
    /// durable first. In the order in which to send; made one by one as they are asked for.
    /// </summary>
    IEnumerable<Parcel> Offer(StateVector theirs);

    /// <summary>
    /// Checks a parcel and makes it durable; or refuses it, with the store as it was. Damage and forgery are an answer and no exception.
    /// </summary>
    /// <param name="from">The machine it came from, for logs.</param>
    /// <exception cref="SeshException">This home cannot take anything: full, not writable.</exception>
    Receipt Take(Parcel parcel, string from);

    /// <summary>
    /// Rows that are held as the other side holds them have been seen since, as it tells: notes that they are no older. Never fails; what cannot be noted looks older than it is.
    /// </summary>
    /// <param name="told">What the other side holds, with <see cref="LiveState.LastWalk"/>.</param>
    void Confirm(ImmutableArray<LiveState> told);
}

/// <summary>What became of a parcel.</summary>
/// <param name="Outcome">See there.</param>
/// <param name="Reason">Why, where refused or where the sender must begin again: for a log, without control characters.</param>
public sealed record Receipt(Outcome Outcome, string Reason = "");

/// <summary>What became of a parcel.</summary>
public enum Outcome : byte
{
    /// <summary>Verified, merged, durable.</summary>
    Taken,

    /// <summary>All of it was held already.</summary>
    Known,

    /// <summary>It does not join what is held here (another branch, or this home lost the prefix): send it whole, see <see cref="DocumentState.Whole"/>. Never said of a document.</summary>
    Unjoined,

    /// <summary>Forged, malformed, too large or not vouched for. The link goes on; the sender does not offer it again on this link.</summary>
    Refused,
}
