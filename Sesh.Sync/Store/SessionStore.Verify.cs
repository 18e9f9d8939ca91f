using Sesh.Sync.Documents;
using Sesh.Sync.Store.Format;

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
        var own = loaded.Where(l => l.File.IsOwn && l.Document is not null).Select(l => l.Document!.Header.Replica).ToHashSet();
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
            if (!own.Contains(replica) && machine == Options.Machine?.Text)
                notices.Add(DocumentNotices.NameClaimedTwice(file, machine));
        }
    }
}
