using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Format;
using Sesh.Tests.Oracle;
using Sesh.Tests.Store.Sharing;
using Xunit;

namespace Sesh.Tests.Mesh;

/// <summary>
/// Every frame that was ever written in a mesh, noted when it was, and which of them somebody was told are safe. What homes show in the end is compared with these frames,
/// folded without any compaction.
/// </summary>
internal sealed class MeshTruth
{
    private readonly Dictionary<Digest, (Digest Before, ReplicaId Replica, string Machine, Frame Frame)> _frames = [];
    private readonly HashSet<Digest> _safe = [];

    // Of a home that was put back, and never vouched for to whoever holds them: a power cut left him a part of what was being sent. They stay with him; he cannot hand them on.
    private readonly HashSet<Digest> _strays = [];
    private readonly Dictionary<(SharingHome Home, string Path), byte[]> _noted = [];

    /// <summary>Notes what stands in the own documents of a home now.</summary>
    /// <param name="acknowledged">The frame of this check was acknowledged.</param>
    public void Note(SharingHome home, Check? acknowledged = null)
    {
        foreach (var document in Loaded(home, Files(home).Where(f => f.IsOwn && IsNew(home, f))))
        {
            var before = document.Generations.IsEmpty ? Digest.Zero : document.Generations[^1].Digest;
            foreach (var frame in document.Frames)
            {
                _frames.TryAdd(frame.Digest, (before, document.Replica, document.Machine, frame));
                if (frame.Digest.Check == acknowledged)
                    _safe.Add(frame.Digest);
                before = frame.Digest;
            }
        }
    }

    /// <summary>What only this home held, or could vouch for, goes with it.</summary>
    public void Forgive(HashSet<Digest> before, IReadOnlyList<SharingHome> homes)
    {
        before.ExceptWith(homes.SelectMany(Vouched));
        _safe.ExceptWith(before);
        _strays.UnionWith(homes.SelectMany(Held).Where(before.Contains));
    }

    /// <summary>Of a frame that stays with whom a power cut left it.</summary>
    public bool IsStray(EntryName name) => _strays.Any(d => _frames[d].Replica == name.Replica && d.Check == name.Check);

    /// <summary>Every frame that a home may hand on.</summary>
    private IEnumerable<Digest> Vouched(SharingHome home) => home.State().Documents.SelectMany(d => UpTo(_frames.Keys.First(f => f.High == d.Head)));

    /// <summary>Every frame that a home holds, compacted ones too.</summary>
    public HashSet<Digest> Held(SharingHome home)
    {
        var held = new HashSet<Digest>();
        foreach (var document in Loaded(home, Files(home)))
        {
            held.UnionWith(UpTo(document.Head));
        }

        return held;
    }

    public void AssertNothingLost(IReadOnlyList<SharingHome> homes)
    {
        // What was under way when its writer was put back may have arrived since.
        if (_strays.Count > 0)
            _strays.ExceptWith(homes.SelectMany(Vouched));
        var expected = View(DocumentSet.Of(Branches(homes.SelectMany(Held).Where(d => !_strays.Contains(d)))));
        foreach (var home in homes)
        {
            var held = Held(home);
            var lost = _safe.Except(held).ToList();
            if (lost.Count > 0)
                Assert.Fail($"{home.Machine} does not hold {lost.Count} frames that were acknowledged: {string.Join(' ', lost.Select(d => $"{_frames[d].Replica}:{_frames[d].Frame.End}"))}\n{Print(homes)}");
            Assert.Equal(_strays.Overlaps(held) ? View(DocumentSet.Of(Branches(held))) : expected, View(DocumentReading.Of(new DocumentFiles(home.Files, new StorePaths(SharingHome.Path))).Set));
        }
    }

    /// <summary>Every document file, to read after a failure.</summary>
    public static string Print(IEnumerable<SharingHome> homes)
    {
        var lines = new List<string>();
        foreach (var home in homes)
        {
            foreach (var file in new DocumentFiles(home.Files, new StorePaths(SharingHome.Path)).ListAll())
            {
                if (DocumentReader.Read(home.Files.Read(file.Path), file.Hint, prove: true) is not { } read)
                    continue;
                var document = read.Document;
                lines.Add($"{home.Machine} {file.Path} S={document.CompactedTo} L={document.AgedTo} {document.End} {document.Head.High:x32} sound: {read.IsSound}");
            }
        }

        return string.Join('\n', lines);
    }

    private IEnumerable<Digest> UpTo(Digest head)
    {
        for (var at = head; at != Digest.Zero; at = _frames[at].Before)
            yield return at;
    }

    // Each longest chain, from its first frame.
    private IEnumerable<Document> Branches(IEnumerable<Digest> of)
    {
        var held = of.ToHashSet();
        foreach (var head in held.Except(held.Select(d => _frames[d].Before)))
        {
            var frames = new List<Frame>();
            for (var at = head; at != Digest.Zero; at = _frames[at].Before)
                frames.Add(_frames[at].Frame);
            frames.Reverse();
            yield return new Document { Replica = _frames[head].Replica, Machine = _frames[head].Machine, Frames = [.. frames] };
        }
    }

    private static string View(DocumentSet set) => string.Join('\n', Views.Of(set).Split('\n').Select(VisibleAlone));

    // An absent value that survives says nothing to anybody.
    private static string VisibleAlone(string line) => string.Join(' ', line.Split(' ').Where(w => !w.EndsWith("=absent", StringComparison.Ordinal)));

    private static IEnumerable<DocumentFile> Files(SharingHome home) =>
        new DocumentFiles(home.Files, new StorePaths(SharingHome.Path)).ListAll().Where(f => f.Place != DocumentPlace.Private);

    private static IEnumerable<Document> Loaded(SharingHome home, IEnumerable<DocumentFile> files) =>
        files.Select(f => DocumentReader.Read(home.Files.Read(f.Path), null, prove: true)).OfType<LoadedDocument>().Select(d => d.Document);

    // Reading a document proves every frame of it, which is most of what a script costs.
    private bool IsNew(SharingHome home, DocumentFile file)
    {
        var bytes = home.Files.Read(file.Path);
        var isNew = !_noted.TryGetValue((home, file.Path), out var noted) || !noted.AsSpan().SequenceEqual(bytes);
        _noted[(home, file.Path)] = bytes;
        return isNew;
    }
}
