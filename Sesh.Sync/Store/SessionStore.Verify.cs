using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store;

public sealed partial class SessionStore
{
    /// <summary>Reads every byte of every document, whatever the index says, and proves each chain.</summary>
    public IReadOnlyList<DocumentReport> Verify() => Reading(() =>
    {
        var quarantine = new Quarantine(_files, _paths);
        var loaded = new List<(DocumentFile File, LoadedDocument? Document, List<Notice> Notices)>();
        foreach (var file in _documents.ListAll())
        {
            var notices = new List<Notice>();
            LoadedDocument? document = null;
            try
            {
                document = _documents.Load(file, prove: true);
                if (document is null)
                    notices.Add(DocumentNotices.Foreign(file));
                else
                    DocumentNotices.Add(notices, file, document, quarantine);
            }
            catch (SeshException e) when (e.Code == "newer-version")
            {
                // Doctor names every file, and this one first of all.
                notices.Add(new Notice(e.Code, e.Message, e.Hint));
            }

            loaded.Add((file, document, notices));
        }

        NoticeAcross(loaded);
        IReadOnlyList<DocumentReport> reports =
        [
            .. loaded.Select(l => new DocumentReport(
                l.File.Path, l.Document?.Header.Replica, l.Document?.Header.Machine ?? "", l.Document?.Document.Generation ?? 0,
                l.Document?.Document.End ?? 0, l.File.Facts.Size, l.File.IsOwn, l.Notices)),
        ];
        return reports;
    });

    private void NoticeAcross(List<(DocumentFile File, LoadedDocument? Document, List<Notice> Notices)> loaded)
    {
        var read = loaded.Where(l => l.Document is not null).Select(l => (l.File, Document: l.Document!)).ToList();
        var set = DocumentSet.Of(read.Select(l => l.Document.Document), DocumentReading.WholeOf(read, _documents));
        var ignored = set.States().SelectMany(s => Fold.Ignored(s, set.MachineOf)).CountBy(e => e.Name.Replica).ToDictionary();
        var forked = set.Forked.ToHashSet();
        var wall = Options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (file, document, notices) in loaded)
        {
            if (document is null)
                continue;
            var (replica, machine) = (document.Header.Replica, document.Header.Machine);
            if (forked.Contains(replica))
                notices.Add(DocumentNotices.Forked(replica, machine));
            if (ignored.GetValueOrDefault(replica) is > 0 and var count)
                notices.Add(DocumentNotices.IdentityIgnored(machine, count));
            if (document.Document.Entries().Any(e => !Clock.Counts(e.Hlc, wall)))
                notices.Add(DocumentNotices.ClockAhead(machine));
        }

        NoticeClaims(loaded, wall);
    }

    private void NoticeClaims(List<(DocumentFile File, LoadedDocument? Document, List<Notice> Notices)> loaded, long wall)
    {
        var claims = new NameClaims(new ReplicaTable(_files, _paths), Options.Machine?.Text, wall);
        var shared = loaded.FindAll(l => l.Document is { Header.Private: false });
        shared.ForEach(l => claims.Add(l.Document!));
        if (_files is PosixFiles)
            claims.AddLive(Options.Home);
        var isTold = false;
        foreach (var (replica, files) in shared.GroupBy(l => l.Document!.Header.Replica).Select(g => (g.Key, g.ToList())))
        {
            if (claims.Of(replica, Path.GetFileName(files[^1].File.Path), files.Exists(f => f.File.IsOwn)) is not { } notice)
                continue;
            files[^1].Notices.Add(notice);
            isTold |= files.Exists(f => f.File.IsOwn);
        }

        // That the other home is in use is told already.
        if (!isTold && loaded.Count > 0 && claims.OfThisHome(loaded.Exists(l => l.File.IsOwn)) is { } copied)
            loaded[0].Notices.Add(copied);
    }
}
