using System.Collections.Immutable;
using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

/// <summary>What a writer sees to before it writes: who it is, and that its documents are whole.</summary>
internal sealed partial class Writer
{
    private ReplicaRow Identify()
    {
        if (_table.Current() is { } row)
        {
            if (row.Machine != _machine.Text)
            {
                throw new SeshException(
                    "machine-changed", $"this installation writes as machine '{row.Machine}', not '{_machine.Text}'",
                    $"set SESH_MACHINE, or machine in config.toml, back to '{row.Machine}'; \"sesh init --machine {_machine} --rename\" if it is to be called that from now on");
            }

            return row;
        }

        var others = _table.HasRows() || _documents.List().Any(d => d.IsOwn);
        CutFormer();
        row = _table.Add(_machine);
        if (others)
            _notices.Add(DocumentNotices.NewReplica("this home is a copy of another one, or is shared with another host"));
        return row;
    }

    private void Mend()
    {
        if (_source.Notices.Any(n => n is { Code: "damaged", Quiet: false }))
            MendDamage();
        if (!_source.IsOutrun(_row.Shared.Replica) && !_source.IsOutrun(_row.Private.Replica))
            return;
        var former = _row;
        var path = _paths.OwnDocument(former.Shared.Replica, isPrivate: false);
        CutFormer();
        _row = _table.Add(_machine);
        _notices.Add(DocumentNotices.NewReplica("this home was put back from a backup, or is a copy: others hold more of its document than it does"));
        if (_files.Stat(path) is not null)
            Publish(former.Shared.Replica, path, publication => publication.Leave(_files.Read(path), HeadOf(path).Digest));
    }

    private void MendDamage()
    {
        foreach (var file in _documents.List())
        {
            if (_documents.Load(file) is not { Damage.IsEmpty: false } document)
                continue;
            _quarantine.Keep(file.Path, document);
            if (file.IsOwn)
                MendOwn(file, document);
        }

        _source = _load();
        _lastState = null;
    }

    // Quoted and published before it is cut: a crash in between does both twice, which changes nothing.
    private void MendOwn(DocumentFile file, LoadedDocument document)
    {
        var replica = document.Header.Replica;
        if (replica == _row.Shared.Replica || replica == _row.Private.Replica)
        {
            _row = _table.Add(_machine);
            _notices.Add(DocumentNotices.NewReplica($"{Path.GetFileName(file.Path)} was damaged; the damaged bytes are kept in quarantine/"));
        }

        _table.MarkCut(replica);
        var isPrivate = file.Place == DocumentPlace.Private;
        if (!document.Behind.IsEmpty)
            Quote(document.Behind, isPrivate);
        if (Sound(document) is not { } sound)
        {
            _quarantine.Take(file.Path);
            return;
        }

        if (!isPrivate)
            Publish(replica, file.Path, publication => publication.Leave(sound.Span, document.Document.Head));
        _files.Replace(file.Path, sound.Span);
    }

    private void Quote(ImmutableArray<Entry> entries, bool isPrivate)
    {
        var keys = isPrivate ? _row.Private : _row.Shared;
        var path = _paths.OwnDocument(keys.Replica, isPrivate);
        var seq = HeadOf(path).End + 1;
        Append(keys, path, isPrivate, new Frame(seq, seq, default, entries, null, Quotes: true));
    }

    // The prefix as it stands; where the header itself was damaged, a new one without anything behind it.
    private ReadOnlyMemory<byte>? Sound(LoadedDocument document)
    {
        if (document.SoundLength > 0)
            return document.Bytes[..document.SoundLength];
        return _table.KeysOf(document.Header.Replica) is { } found
            ? DocumentWriter.Header(new DocumentHeader
            {
                Replica = document.Header.Replica,
                Machine = found.Machine,
                PublicKey = found.Keys.PublicKey(),
                Private = document.Header.Private,
            })
            : null;
    }

    private DocumentHead CutTornTail(string path)
    {
        var file = _documents.List().FirstOrDefault(f => f.Path == path);
        if (file is null || _documents.Load(file) is not { } document)
            return default;
        if (!document.Damage.IsEmpty)
            throw new InvalidOperationException($"{path} is damaged and was not mended");
        Cut(path, document);
        return new DocumentHead(document.Document.End, document.Document.Head, document.SoundLength);
    }

    // Under a new id nothing is appended to what was written before, and so nothing would ever cut it: its copy in docs/ could not be renewed either.
    private void CutFormer()
    {
        foreach (var file in _documents.ListAll().Where(f => f.IsOwn))
        {
            if (_documents.Load(file) is { } document)
                Cut(file.Path, document);
        }
    }

    private void Cut(string path, LoadedDocument document)
    {
        if (!document.HasTornTail)
            return;
        _quarantine.Keep(path, document);
        using var open = _files.Append(path);
        open.Truncate(document.SoundLength);
        open.Sync();
    }
}
