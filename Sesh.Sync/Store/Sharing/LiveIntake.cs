using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Live;

namespace Sesh.Sync.Store.Sharing;

/// <summary>
/// Takes live rows of another machine into its file. They keep its clock's times; how far that clock is from ours is judged now, by what it showed when they were sent.
/// Not made durable: what is lost is observed anew.
/// </summary>
internal sealed class LiveIntake(StoreOptions options, IStoreFiles files, LiveParcel parcel)
{
    private const long LatestTime = 1L << 48;

    private readonly StorePaths _paths = new(options.Home);

    /// <param name="from">The machine it came from: it is believed about itself, whatever others said.</param>
    public Receipt Take(string from)
    {
        if (parcel.State.Machine == options.Machine?.Text)
            return new Receipt(Outcome.Known, "about this machine, which knows better");
        Check();
        HomeFolder.Prepare(files, _paths);
        ReceivedFolders.Make(files, LiveFolder.Of(options.Home));
        ReceivedFolders.Make(files, _paths.Received);
        using var held = files.Lock(Path.Join(_paths.Received, "live.lock"));
        using var folder = LiveFolder.Open(options.Home);
        var file = folder.Files.FirstOrDefault(f => f.Header.Machine == parcel.State.Machine && f.Header.Replica == parcel.State.Replica);
        if (file is null && folder.Files.Count >= SharingLimits.LiveFiles)
            throw new RefusedParcelException("live/ holds as many files as it takes");
        if (file is not null && parcel.Rows.IsEmpty && !parcel.Whole && parcel.State.Incarnation == file.Header.Incarnation && file.HasSoundKeys())
            return Confirm(file);
        var rows = file?.ReadAll();
        var order = rows is null ? 1 : parcel.State.Incarnation.CompareTo(rows.Header.Incarnation);
        if (order < 0 && from == parcel.State.Machine && parcel.Whole)
            order = 1;
        if (order < 0)
            return new Receipt(Outcome.Known);
        if (order > 0 && !parcel.Whole)
            return new Receipt(Outcome.Unjoined, "of a life of that machine of which nothing is held here");
        return Put(order > 0 ? null : rows);
    }

    /// <summary>All was looked at again and found as it was: the rows stay as they lie.</summary>
    private Receipt Confirm(LiveFile held)
    {
        var (state, header) = (parcel.State, held.Header);
        if (state.Stamp <= header.Stamp)
            return new Receipt(Outcome.Known);
        Writing(() => LiveFolder.ReplaceHeader(
            held, header with { Boot = parcel.Boot, Stamp = state.Stamp, LastWalk = Math.Max(parcel.LastWalk, header.LastWalk), Skew = Now - parcel.OwnerNow }));
        return new Receipt(Outcome.Taken);
    }

    private Receipt Put(LiveRows? held)
    {
        var merged = new Dictionary<SessionId, ReadOnlyMemory<byte>>();
        for (var i = 0; held is not null && i < held.Count; i++)
        {
            if (LiveRowFormat.IsSound(held.Row(i).Span))
                merged[held.Session(i)] = held.Row(i);
        }

        var isNewer = held is null || parcel.State.Stamp > held.Header.Stamp;
        var isChanged = isNewer;
        foreach (var (session, row) in parcel.Rows)
        {
            if (merged.TryGetValue(session, out var there)
                && (LiveRowFormat.Stamp(there.Span) > LiveRowFormat.Stamp(row.Span) || there.Span.SequenceEqual(row.Span)))
                continue;
            merged[session] = row.ToArray();
            isChanged = true;
        }

        if (!isChanged)
            return new Receipt(Outcome.Known);
        if (merged.Count > SharingLimits.LiveRows || merged.Values.Sum(r => (long)r.Length) > SharingLimits.LiveFile)
            throw new RefusedParcelException("more live rows than one machine can have");
        var state = parcel.State;
        var header = new LiveHeader(
            state.Machine, state.Replica, parcel.Boot, state.Incarnation, isNewer ? state.Stamp : held!.Header.Stamp, Math.Max(parcel.LastWalk, held?.Header.LastWalk ?? 0),
            Rows: 0, Length: 0, KeysChecksum: 0, Panes: 0, PanesChecksum: 0, isNewer ? Now - parcel.OwnerNow : held!.Header.Skew);
        Writing(() => LiveFolder.Replace(LiveFolder.PathOf(options.Home, state.Machine, state.Replica), LiveFileBytes.Of(header, merged)));
        return new Receipt(Outcome.Taken);
    }

    private void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("home-unwritable", $"cannot write {LiveFolder.Of(options.Home)}: {e.Message}", "look at the disk and at the mode of live/", inner: e);
        }
    }

    private long Now => options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Check()
    {
        var (state, latest) = (parcel.State, parcel.OwnerNow + SharingLimits.Ahead);
        if (!MachineName.TryParse(state.Machine, out _) || state.Replica == default)
            throw new RefusedParcelException("live rows of no machine");
        if (parcel.OwnerNow is <= 0 or > LatestTime || parcel.LastWalk < 0 || parcel.LastWalk > latest || state.Incarnation < 0 || state.Stamp.Milliseconds > latest)
            throw new RefusedParcelException("live rows of a time to come");
        if (parcel.Rows.IsDefault || parcel.Rows.Length > SharingLimits.LiveRows || parcel.Rows.Sum(r => (long)r.Row.Length) > SharingLimits.LiveParcel)
            throw new RefusedParcelException("more live rows than one parcel holds");
        foreach (var (session, row) in parcel.Rows)
        {
            if (row.Length > SharingLimits.LiveRow || LiveRowFormat.Read(row, session) is not { } read || !LiveRowFormat.IsWithinBounds(read))
                throw new RefusedParcelException("something that is no live row");
            if (read.ObservedAt < 0 || read.ObservedAt > latest || LiveRowFormat.Stamp(row.Span).Milliseconds > latest)
                throw new RefusedParcelException("a live row of a time to come");
        }
    }
}
