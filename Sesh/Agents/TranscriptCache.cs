using System.Numerics;

namespace Sesh.Agents;

/// <summary>
/// What was learnt from transcripts, by path, size, modification time and inode, so that none is parsed twice. A transcript that only grew is read on from where the last
/// reading ended. One file under <c>cache/</c>, read at the first question, replaced as a whole by <see cref="Save"/>; it can be deleted at any moment, and what is not
/// sound counts as not there. Of two processes that save at once the later wins, and the other's new entries are learnt again. Safe for several threads.
/// </summary>
internal sealed class TranscriptCache(string cacheFolder)
{
    /// <summary>To be raised whenever a parser or the form of an entry changes: older files are then never opened.</summary>
    private const int Version = 2;

    /// <summary>Longer replies are cut in what the cache gives; whoever needs the whole one reads the transcript.</summary>
    public const int LongestReply = 2000;

    /// <summary>Reading on is only worth its state for transcripts from this size.</summary>
    private const long WorthResuming = 256 << 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CachedTranscript> _learnt = new(StringComparer.Ordinal);
    private CacheFile? _file;
    private long _work;

    private string FilePath => Path.Join(cacheFolder, $"transcripts.{Version}");

    /// <summary>How many transcripts were parsed, whole or in part, since this cache was opened.</summary>
    public int Parsed { get; private set; }

    /// <summary>The facts of a transcript where it need not be read for them; else null.</summary>
    public TranscriptFacts? Held(IAgent agent, TranscriptFile file) => Known(file.Path) is { } known && known.Stamp == StampOf(file) ? agent.Complete(known.Facts) : null;

    /// <summary>The facts of a transcript, from the cache or by reading it; empty facts where it cannot be opened. Completed by the agent.</summary>
    public TranscriptFacts Facts(IAgent agent, TranscriptFile file)
    {
        var known = Known(file.Path);
        if (known is not null && known.Stamp == StampOf(file))
        {
            return agent.Complete(known.Facts);
        }

        try
        {
            using var stream = TranscriptStream.Open(file.Path);
            var learnt = Learn(agent, file.Path, stream, known);
            lock (_lock)
            {
                _learnt[file.Path] = learnt;
                _work += learnt.Consumed - (known?.State.Length > 0 ? known.Consumed : 0);
                Parsed++;
            }

            return agent.Complete(learnt.Facts);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone since it was listed, or not ours to read: nothing is known of it, and nothing is remembered.
            return new TranscriptFacts();
        }
    }

    /// <summary>Whoever had the path from elsewhere may not have asked the file system.</summary>
    private static FileStamp StampOf(TranscriptFile file) => file.Stamp != default ? file.Stamp : FileStamp.Of(file.Path) ?? default;

    private CachedTranscript? Known(string path)
    {
        lock (_lock)
        {
            _file ??= CacheFile.Load(FilePath);
            return _learnt.TryGetValue(path, out var learnt) ? learnt : _file.Find(path);
        }
    }

    private static CachedTranscript Learn(IAgent agent, string path, FileStream stream, CachedTranscript? known)
    {
        // Of the open file, not of the path: that may be another one by now.
        var stamp = FileStamp.Of(stream.SafeFileHandle, path) ?? throw new FileNotFoundException(null, path);
        var (facts, consumed, state) = agent.NewParser() is { } parser
            ? Parse(agent, parser, stream, known is not null && known.CanResume(stream, stamp) ? known : null)
            : (agent.Read(stream), stamp.Size, []);
        facts = facts.LastReply.Length > LongestReply ? facts with { LastReply = $"{facts.LastReply.AsSpan(0, LongestReply)}…" } : facts;
        return new CachedTranscript(path, stamp, facts, consumed, state.Length > 0 ? CachedTranscript.TailOf(stream, consumed) : 0, state);
    }

    private static (TranscriptFacts Facts, long Consumed, byte[] State) Parse(IAgent agent, ITranscriptParser parser, FileStream stream, CachedTranscript? resume)
    {
        var from = 0L;
        if (resume is not null)
        {
            (parser, from) = TryLoad(parser, resume.State) ? (parser, resume.Consumed) : (agent.NewParser()!, 0);
        }

        stream.Position = from;
        byte[] state = [];
        var consumed = from + TranscriptReading.Feed(stream, parser, bytes => state = from + bytes >= WorthResuming ? StateOf(parser) : []);
        return (parser.Facts(), consumed, state);
    }

    private static byte[] StateOf(ITranscriptParser parser)
    {
        using var into = new MemoryStream();
        using var writer = new BinaryWriter(into);
        return parser.Save(writer) && into.Length < WorthResuming / 4 ? into.ToArray() : [];
    }

    private static bool TryLoad(ITranscriptParser parser, byte[] state)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(state));
            parser.Load(reader);
            return true;
        }
        catch (Exception failure) when (failure is IOException or FormatException or ArgumentException)
        {
            // Not what this parser writes: the transcript is read from its beginning.
            return false;
        }
    }

    /// <summary>
    /// Writes what was learnt, unless learning it again is cheaper than writing the file: a machine with a live agent would else rewrite megabytes at each list for a few new
    /// lines. A cache that cannot be written costs the next process time, nothing else.
    /// </summary>
    public void Save()
    {
        lock (_lock)
        {
            if (_learnt.Count == 0 || _work < (_file?.Length ?? 0) / 8)
            {
                return;
            }

            try
            {
                // Another process may have saved since: its entries are kept where this one has none.
                CacheFile.Load(FilePath).ReplaceWith(FilePath, _learnt);
                _learnt.Clear();
                _file = null;
                _work = 0;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A full or read-only disk: see above.
            }
        }
    }
}

/// <summary>One transcript's entry.</summary>
/// <param name="Consumed">Bytes of whole lines read so far.</param>
/// <param name="Tail">Digest of the last bytes before <paramref name="Consumed"/>: a file that was rewritten shows in it.</param>
/// <param name="State">The parser's, after these lines; empty where reading on is not worth it.</param>
internal sealed record CachedTranscript(string Path, FileStamp Stamp, TranscriptFacts Facts, long Consumed, uint Tail, byte[] State)
{
    private const int TailLength = 256;

    public bool CanResume(FileStream stream, FileStamp now) => State.Length > 0 && now.Inode == Stamp.Inode && now.Size >= Consumed && TailOf(stream, Consumed) == Tail;

    public static uint TailOf(FileStream stream, long consumed)
    {
        Span<byte> tail = stackalloc byte[TailLength];
        var from = Math.Max(0, consumed - TailLength);
        tail = tail[..(int)(consumed - from)];
        var read = RandomAccess.Read(stream.SafeFileHandle, tail, from);
        var digest = (uint)tail.Length;
        foreach (var value in tail[..read])
        {
            digest = BitOperations.Crc32C(digest, value);
        }

        return digest;
    }
}
