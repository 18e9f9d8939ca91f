using System.Collections.Immutable;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Daemon;

/// <summary>For links between processes of one home, which have nothing to exchange: both ends bring this.</summary>
public sealed class NothingShared : ISharing
{
    public static NothingShared Instance { get; } = new();

    private NothingShared()
    {
    }

    public StateVector State() => StateVector.Empty;

    public IEnumerable<Parcel> Offer(StateVector theirs) => [];

    public Receipt Take(Parcel parcel, string from) => new(Outcome.Refused, "this link carries requests alone");

    public void Confirm(ImmutableArray<LiveState> told)
    {
        // Nothing is held.
    }
}
