using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Live;

namespace Sesh.Sync.Store;

/// <summary>
/// The files under <c>live/</c>. A row about a session counts only from the session's owner; of several replicas that claim its name see <see cref="LiveClaim"/>. This machine's file is replaced under a lock: what
/// different lookers saw is merged by session, the newest observation wins. Readers take no lock and wait for nobody. Observations can be made again, so
/// nothing here fails for a file that cannot be read or written.
/// </summary>
public sealed class LiveStore
{
    private const UnixFileMode OwnerEnters = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Longer than any merge takes; who is stopped in the middle of one must not stop the others.
    private static readonly TimeSpan MergeWait = TimeSpan.FromSeconds(2);

    private IReadOnlyList<LiveRow>? _own;
    private List<LiveHeader> _ownHeaders = [];

    public LiveStore(StoreOptions options) => Options = options;

    public StoreOptions Options { get; }

    /// <summary>What the last call found wrong with files it left out.</summary>
    public IReadOnlyList<Notice> Notices { get; private set; } = [];

    /// <summary>When this machine last looked at all of its own sessions, in milliseconds since 1970 UTC; 0 for never.</summary>
    public long LastWalk
    {
        get
        {
            using var folder = Open();
            long last = 0;
            foreach (var file in Own(folder))
            {
                if (!IsOfLaterClock(file.Header))
                    last = Math.Max(last, file.Header.LastWalk);
            }

            return last;
        }
    }

    /// <summary>One session's row by that machine, the newest of them that counts; null where it has none. Reads no other rows.</summary>
    public HeldRow? Find(SessionId session, string owner)
    {
        using var folder = Open();
        return Claims(folder, owner).Select(c => Find(session, c)).FirstOrDefault();
    }

    /// <summary>The row of each machine but that one, where it says the session is live there: copied homes, whose agents hold what is not theirs. Newest first.</summary>
    public IReadOnlyList<HeldRow> LiveElsewhere(SessionId session, string owner)
    {
        using var folder = Open();
        return [.. Claims(folder, null).Where(c => c.Machine != owner).Select(c => Find(session, c)).OfType<HeldRow>().Where(h => h.Row.Live).OrderBy(h => h.AgeMs)];
    }

    /// <summary>This machine's rows that say a session is live in that pane; reads no others.</summary>
    /// <param name="socket">The tmux server's socket path.</param>
    /// <param name="pane">tmux's <c>%N</c>.</param>
    public IReadOnlyList<LiveRow> InPane(string socket, string pane)
    {
        using var folder = Open();
        return Own(folder).FirstOrDefault()?.InPane(socket, pane) ?? [];
    }

    /// <summary>
    /// Every row held, by session. With <paramref name="ownerOf"/> only those of the session's owner count; it may answer null for a session it does not
    /// know. Without, the newest of any machine.
    /// </summary>
    public IReadOnlyDictionary<SessionId, HeldRow> All(Func<SessionId, string?>? ownerOf = null) => All(ownerOf, null);

    /// <summary>Every row that this machine has observed; reads no others.</summary>
    public IReadOnlyList<LiveRow> Own() => Options.Machine is { } machine ? [.. All(null, machine.Text).Values.Select(h => h.Row)] : [];

    /// <summary>
    /// The same, for whoever asks again and again: read only where a row has changed since this object's last call. So their <see cref="LiveRow.ObservedAt"/> is of that time; see
    /// <see cref="LastWalk"/> for when all were looked at last. One call at a time.
    /// </summary>
    public IReadOnlyList<LiveRow> OwnAsLastRead()
    {
        List<LiveHeader> headers;
        using (var folder = Open())
            headers = [.. Own(folder).Select(f => f.Header)];
        if (_own is null || headers.Count != _ownHeaders.Count || !headers.Zip(_ownHeaders).All(p => p.First.HasRowsOf(p.Second)))
        {
            // Headers first: rows that come in between are then read again the next time.
            (_ownHeaders, _own) = (headers, Own());
        }

        return _own;
    }

    private Dictionary<SessionId, HeldRow> All(Func<SessionId, string?>? ownerOf, string? observer)
    {
        using var folder = Open();
        var best = new Dictionary<SessionId, Candidate>();
        foreach (var claim in Claims(folder, observer))
        {
            // A session has one owner, so machines need comparing only where all of them count.
            var found = ownerOf is not null || best.Count == 0 ? best : [];
            foreach (var file in claim.Files)
                Collect(claim, file, ownerOf, found);
            if (found == best)
                continue;
            foreach (var (session, candidate) in found)
            {
                if (!best.TryGetValue(session, out var other) || candidate.ObservedAt > other.ObservedAt)
                    best[session] = candidate;
            }
        }

        var held = new Dictionary<SessionId, HeldRow>(best.Count);
        foreach (var (session, candidate) in best)
        {
            if (LiveRowFormat.Read(candidate.Rows.Row(candidate.Index), session) is { } row)
                held.Add(session, Held(candidate.Rows.Header, row, candidate.ObservedAt));
        }

        return held;
    }

    private void Collect(LiveClaim claim, LiveFile file, Func<SessionId, string?>? ownerOf, Dictionary<SessionId, Candidate> found)
    {
        if (file.ReadAll() is not { } rows)
            return;
        found.EnsureCapacity(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var session = rows.Session(i);
            var row = rows.Row(i);
            if (!LiveRowFormat.IsSound(row.Span) || ownerOf is not null && ownerOf(session) != claim.Machine)
                continue;
            var at = ObservedAt(rows.Header, LiveRowFormat.ObservedAt(row.Span));
            var weight = claim.Files.Count == 1 ? default : claim.Weight(file, LiveRowFormat.IsLive(row), Now - at);
            if (!found.TryGetValue(session, out var other) || weight.CompareTo(other.Weight) > 0)
                found[session] = new Candidate(rows, i, at, weight);
        }
    }

    /// <summary>
    /// Merges what a look saw into this machine's file and replaces it. <paramref name="complete"/>: the look covered every session of this machine, so rows
    /// absent from it that were live before are no longer live, but for those observed after it began, at <paramref name="began"/> in milliseconds since 1970
    /// UTC (null: at its earliest row, or now). Writes nothing where no machine is set or nothing differs but ages under a second.
    /// </summary>
    /// <param name="tell">
    /// Where a complete look found all as it was: true tells other machines so over the links that are open, as a change; with false they hear it at the next exchange, and no more has to be
    /// sent for it.
    /// </param>
    /// <returns>The file says what the look saw; false where it could not be written.</returns>
    public bool Merge(IReadOnlyCollection<LiveRow> rows, bool complete, long? began = null, bool tell = true) => Edit(merge =>
    {
        merge.Add(rows, complete);
        if (complete)
            merge.Complete(rows, began ?? (rows.Count == 0 ? Now : rows.Min(r => r.ObservedAt)), tell);
    });

    /// <summary>Drops this machine's rows of sessions that are gone for good.</summary>
    /// <returns>False where the file could not be written.</returns>
    public bool Forget(IReadOnlyCollection<SessionId> sessions) => Edit(merge => merge.Forget(sessions));

    /// <summary>Drops what is held of another machine's observations; a peer that holds them still may bring them again.</summary>
    /// <returns>How many rows; those that cannot be removed are not counted.</returns>
    public int ForgetMachine(string machine)
    {
        if (machine == Options.Machine?.Text)
            return 0;
        using var folder = Open();
        var dropped = 0;
        foreach (var file in folder.Files.Where(f => f.Header.Machine == machine))
        {
            try
            {
                File.Delete(file.Path);
                dropped += file.Header.Rows;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It stays, and its rows grow stale.
            }
        }

        return dropped;
    }

    private long Now => Options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool Edit(Action<LiveMerge> edit)
    {
        if (Options.Machine is not { } machine)
            return false;
        try
        {
            Directory.CreateDirectory(LiveFolder.Of(Options.Home), OwnerEnters);
            Directory.CreateDirectory(Path.Combine(Options.Home, "own"), OwnerEnters);
            using var patience = new CancellationTokenSource(MergeWait);
            using var mutex = FileLock.Take(Path.Combine(Options.Home, "own", "live.lock"), patience.Token);
            using var folder = Open();
            var replicas = new OwnReplicas(Options.Home);
            var replica = replicas.Current;
            List<LiveRows> held = [.. replicas.FilesOf(folder.Files.Where(f => IsOurs(f.Header))).Select(f => f.ReadAll()).OfType<LiveRows>()];
            var merge = new LiveMerge(machine.Text, replica, Boot.Id(), Now, held);
            edit(merge);
            if (merge.Changed)
                LiveFolder.Replace(LiveFolder.PathOf(Options.Home, machine.Text, replica), merge.File());
            if (replica != default)
                File.Delete(LiveFolder.PathOf(Options.Home, machine.Text, default));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreFileException or OperationCanceledException)
        {
            // A read-only or full home, or a merge that hangs elsewhere: the look itself is as good without.
            return false;
        }
    }

    private HeldRow? Find(SessionId session, LiveClaim claim)
    {
        (LiveFile File, LiveRow Row, long ObservedAt, (bool, long) Weight)? best = null;
        foreach (var file in claim.Files)
        {
            if (file.Find(session) is not { } row)
                continue;
            var at = ObservedAt(file.Header, row.ObservedAt);
            var weight = claim.Weight(file, row.Live, Now - at);
            if (best is null || weight.CompareTo(best.Value.Weight) > 0)
                best = (file, row, at, weight);
        }

        return best is { } found ? Held(found.File.Header, found.Row, found.ObservedAt) : null;
    }

    // Of each machine, or of that one alone.
    private IEnumerable<LiveClaim> Claims(LiveFolder folder, string? machine) => folder.Files
        .Where(f => machine is null || f.Header.Machine == machine)
        .GroupBy(f => f.Header.Machine)
        .Select(g => new LiveClaim(g.Key, g.Key == Options.Machine?.Text ? Own(folder) : [.. g]));

    private List<LiveFile> Own(LiveFolder folder)
    {
        var claimed = folder.Files.Where(f => IsOurs(f.Header)).ToList();
        if (claimed.Count == 0)
            return claimed;
        try
        {
            return new OwnReplicas(Options.Home).FilesOf(claimed);
        }
        catch (StoreFileException)
        {
            // Who this is cannot be read now: then the newest is most likely it.
            return claimed[..1];
        }
    }

    private LiveFolder Open()
    {
        var folder = LiveFolder.Open(Options.Home);
        Notices = folder.Notices;
        return folder;
    }

    private bool IsOurs(LiveHeader header) => header.Machine == Options.Machine?.Text;

    private bool IsOfLaterClock(LiveHeader header) => header.Stamp.Milliseconds > Now + LiveMerge.SetBack;

    // By our clock. Where that was set back since, nobody knows how long ago it was.
    private long ObservedAt(LiveHeader header, long row) => IsOurs(header) && IsOfLaterClock(header) ? 0 : Math.Max(row, header.LastWalk) + header.Skew;

    // All times but the transcript file's, which is compared with that file where it lies, by our clock.
    private HeldRow Held(LiveHeader header, LiveRow row, long observedAt)
    {
        var skew = header.Skew;
        // What the look saw that the row is of, it was seen to be so again by the last look at everything.
        var (look, again) = (row.ObservedAt, row.Live && observedAt > 0 ? Math.Max(0, observedAt - skew - row.ObservedAt) : 0);
        row = skew == 0 && again == 0 ? row with { ObservedAt = observedAt } : row with
        {
            ObservedAt = observedAt,
            LastActivity = Shifted(row.LastActivity, skew),
            Evidence = [.. row.Evidence.Select(e => e with { At = Shifted(e.At, LiveRowFormat.IsOfLook(e.At, look) ? skew + again : skew) })],
        };
        return new HeldRow(row, header.Machine, Math.Max(0, Now - observedAt), IsOurs(header));
    }

    private static long Shifted(long at, long skew) => at == 0 ? 0 : at + skew;

    private readonly record struct Candidate(LiveRows Rows, int Index, long ObservedAt, (bool Stands, long Newness) Weight);
}
