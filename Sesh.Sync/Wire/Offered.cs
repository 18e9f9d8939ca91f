using Sesh.Sync.Documents;
using Sesh.Sync.Store.Sharing;

namespace Sesh.Sync.Wire;

/// <summary>What was offered over one link and how it fared, so that nothing is sent again to no end. Not safe for several threads.</summary>
internal sealed class Offered
{
    private const int Most = 4 * Limits.Entries;

    /// <summary>How often one parcel is sent to who holds something else each time and still lacks it: then one of the two homes is not as it should be.</summary>
    private const int Tries = 4;

    private readonly Dictionary<ParcelName, Sent> _sent = [];
    private readonly HashSet<ReplicaId> _wholeDocuments = [];
    private readonly HashSet<string> _wholeLive = [];
    private readonly List<ParcelName> _failed = [];
    private readonly Queue<OnItsWay> _unanswered = new();

    public int Unanswered => _unanswered.Count;

    /// <summary>The vector to offer against: what did not join is asked for whole.</summary>
    public StateVector Against(StateVector theirs) => _wholeDocuments.Count == 0 && _wholeLive.Count == 0
        ? theirs
        : new StateVector(
            [.. theirs.Documents.Where(d => !_wholeDocuments.Contains(d.Replica)), .. _wholeDocuments.Select(DocumentState.Whole)],
            [.. theirs.Live.Where(l => !_wholeLive.Contains(l.Machine))]);

    /// <summary>Whether to send it, which is then noted: never the same parcel twice to who still holds the same, and not for ever to anybody. So an exchange comes to an end.</summary>
    public bool Note(Parcel parcel, StateVector theirs)
    {
        var name = ParcelName.Of(parcel);
        DocumentState[] holds = name.Kind == 'L' ? [] : [.. theirs.Documents.Where(d => d.Replica == name.Replica)];
        if (_sent.TryGetValue(name, out var before) && (before.Times >= Tries || before.Holds.AsSpan().SequenceEqual(holds)))
            return false;
        if (_sent.Count >= Most)
            _sent.Clear();
        _sent[name] = new Sent(holds, before.Times + 1);
        return true;
    }

    public void OnWay(Parcel parcel) =>
        _unanswered.Enqueue(new OnItsWay(ParcelName.Of(parcel), parcel is DocumentParcel or LiveParcel { Whole: true }));

    /// <summary>Takes note of an answer. Gives the parcel's name and the outcome as it counts: what does not join although it was whole is refused.</summary>
    /// <exception cref="WireException">Nothing waits for an answer.</exception>
    public (ParcelName Name, Answer Answer) Answered(Answer answer)
    {
        if (!_unanswered.TryDequeue(out var sent))
            throw new WireException("an answer to nothing");
        var (name, isWhole) = sent;
        if (answer == Answer.Unjoined && isWhole)
            answer = Answer.Refused;
        if (answer == Answer.Unjoined)
        {
            _sent.Remove(name);
            _ = name.Kind == 'L' ? _wholeLive.Add(name.Machine) : _wholeDocuments.Add(name.Replica);
        }
        else if (isWhole)
        {
            _ = name.Kind == 'L' ? _wholeLive.Remove(name.Machine) : _wholeDocuments.Remove(name.Replica);
        }

        if (answer == Answer.Failed && _failed.Count < Limits.Entries)
            _failed.Add(name);
        return (name, answer);
    }

    /// <summary>What the other side could not take may go well now.</summary>
    public void Retry()
    {
        foreach (var name in _failed)
            _sent.Remove(name);
        _failed.Clear();
    }

    /// <param name="Holds">What the other side held of it.</param>
    /// <param name="Times">How often it was sent.</param>
    private readonly record struct Sent(DocumentState[] Holds, int Times);

    private readonly record struct OnItsWay(ParcelName Name, bool IsWhole);
}

/// <summary>What is said of a parcel on the wire.</summary>
internal enum Answer : byte
{
    Taken = 0,
    Known = 1,
    Unjoined = 2,
    Refused = 3,

    /// <summary>Nothing is wrong with it, but this home can take nothing now.</summary>
    Failed = 4,
}
