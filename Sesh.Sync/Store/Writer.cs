using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

/// <summary>One writer at work, holding own/lock from the first look to the last byte.</summary>
internal sealed partial class Writer : IDisposable
{
    private readonly StoreOptions _options;
    private readonly MachineName _machine;
    private readonly DocumentFiles _documents;
    private readonly IStoreFiles _files;
    private readonly StorePaths _paths;
    private readonly Quarantine _quarantine;
    private readonly ReplicaTable _table;
    private readonly Func<IWriterSource> _load;
    private readonly List<Notice> _notices = [];
    private readonly Dictionary<string, DocumentHead> _heads = [];
    private readonly IDisposable _lock;
    private ReplicaRow _row;
    private IWriterSource _source;
    private SessionState? _lastState;

    public Writer(StoreOptions options, DocumentFiles documents, Func<IWriterSource> load)
    {
        _options = options;
        _machine = options.Machine ?? throw new SeshException(
            "machine-unset", "this machine has no name yet", "run \"sesh init --machine NAME\", or set SESH_MACHINE");
        (_documents, _files, _paths, _load) = (documents, documents.Files, documents.Paths, load);
        _quarantine = new Quarantine(_files, _paths);
        _table = new ReplicaTable(_files, _paths);
        HomeFolder.Prepare(_files, _paths);
        _lock = _files.Lock(_paths.Lock);
        try
        {
            _source = load();
            _row = Identify();
            Mend();
        }
        catch
        {
            // Whatever stopped it, the next writer must not wait for this one.
            _lock.Dispose();
            throw;
        }
    }

    public IReadOnlyList<Notice> Notices => _notices;

    public Snapshot Snapshot => new(_source, _notices);

    public IWriterSource Source => _source;

    public void Dispose() => _lock.Dispose();

    /// <summary>Appends settings as one operation. Null where nothing of them remains to be written.</summary>
    public Written? Append(IReadOnlyList<Setting> settings, string verb, IReadOnlyList<string> options, bool isPrivate, OperationId? undoes = null)
    {
        var keys = isPrivate ? _row.Private : _row.Shared;
        var path = _paths.OwnDocument(keys.Replica, isPrivate);
        var head = HeadOf(path);
        var wall = _options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var now = Clock.Now(wall, _source.Highest(wall));
        var drafted = Writing.Draft(settings, Register, keys.Replica, head.End + 1, now, _source.Chains);
        if (drafted.Entries.IsEmpty)
            return null;
        var entries = isPrivate ? drafted.Entries : WithoutPrivate(drafted.Entries);
        var operation = new Operation(verb, options, wall, drafted.Before, undoes);
        var frame = Append(keys, path, isPrivate, new Frame(head.End + 1, head.End + entries.Length, default, entries, operation));
        CompactInline(path, keys, isPrivate);
        return new Written(new OperationId(keys.Replica, frame.Digest.Check), frame.Entries);
    }

    /// <summary>A register as held before this writer's first append; null where it is not.</summary>
    public RegisterState? Register(Register register)
    {
        // Operations go session by session.
        if (_lastState?.Uuid != register.Session)
            _lastState = _source.State(register.Session);
        return _lastState?.Of(register.Field, register.Key);
    }

    // What is private leaves this machine in no context either.
    private ImmutableArray<Entry> WithoutPrivate(ImmutableArray<Entry> entries)
    {
        var cleaned = entries.ToBuilder();
        for (var i = 0; i < cleaned.Count; i++)
        {
            foreach (var (replica, _) in cleaned[i].Context.Seen)
            {
                if (_source.IsPrivate(replica))
                    cleaned[i] = cleaned[i] with { Context = cleaned[i].Context.Without(replica) };
            }
        }

        return cleaned.MoveToImmutable();
    }

    private Frame Append(ReplicaKeys keys, string path, bool isPrivate, Frame draft)
    {
        var head = HeadOf(path);
        var (block, frame) = DocumentWriter.Frame(keys.Replica, head.Digest, draft);
        var length = head.Length;
        if (length == 0)
        {
            var header = DocumentWriter.Header(new DocumentHeader
            {
                Replica = keys.Replica,
                Machine = _row.Machine,
                PublicKey = keys.PublicKey(),
                Private = isPrivate,
            });
            _files.Replace(path, [.. header, .. block]);
            length = header.Length;
        }
        else
        {
            using var file = _files.Append(path);
            file.AppendDurably(block);
        }

        _heads[path] = new DocumentHead(frame.End, frame.Digest, length + block.Length);
        if (!isPrivate)
            Publish(keys.Replica, path, publication => publication.Follow(head.Length, block));
        return frame;
    }

    // The change is safe in own/ already: that docs/ cannot follow fails nothing.
    private void Publish(ReplicaId replica, string own, Action<Publication> how)
    {
        try
        {
            how(new Publication(_documents, own, _paths.Published(replica, _row.Machine)));
        }
        catch (StoreFileException e)
        {
            _notices.Add(new Notice("unpublished", $"the change is stored, but docs/ does not show it yet: {e.Reason}", "look at the disk and at the mode of docs/"));
        }
    }

    private DocumentHead HeadOf(string path)
    {
        if (_heads.TryGetValue(path, out var head))
            return head;
        if (_source.HeadOf(path) is { } known)
            return _heads[path] = known;
        return _heads[path] = _files.Stat(path) is null ? default : CutTornTail(path);
    }
}
