using Microsoft.Win32.SafeHandles;
using Sesh.Agents;
using Sesh.Sync;

namespace Sesh.Sessions.Reading;

/// <summary>
/// One reading of one transcript, as it stood when it was opened: what is appended meanwhile is left out, and a file replaced by another meanwhile goes on
/// being read in its old form. One rewritten in place is found out at the end (<see cref="Finish"/>), so two versions never pass for one.
/// </summary>
internal sealed class OpenTranscript : IDisposable
{
    private const long FirstWindow = 128 << 10;

    private readonly SafeFileHandle _file;
    private readonly IAgent _agent;
    private readonly Footprint _footprint;

    private OpenTranscript(string path, IAgent agent, SafeFileHandle file, bool wholeLines)
    {
        Path = path;
        _agent = agent;
        _file = file;
        var end = RandomAccess.GetLength(file);
        _footprint = Footprint.At(file, wholeLines ? Lines.EndOfLastWhole(file, 0, end) ?? 0 : end);
    }

    public string Path { get; }

    /// <summary>How far this reading goes.</summary>
    public Footprint Footprint => _footprint;

    /// <param name="session">What a user may call the session that it is of, for what is proposed to him.</param>
    /// <param name="wholeLines">Leave a half line at the end to whoever reads on behind this.</param>
    public static OpenTranscript Open(string path, IAgent agent, string session, bool wholeLines = false)
    {
        try
        {
            return new OpenTranscript(path, agent, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), wholeLines);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SeshException("no-transcript", $"the transcript is gone: {path}", $"agents delete old ones; \"sesh explain {session}\" tells what is known of it", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("no-transcript", $"cannot read {path}: {e.Message.TrimEnd('.')}", $"let this user read it; \"sesh explain {session}\" tells what is known of it", inner: e);
        }
    }

    public IEnumerable<TranscriptEntry> All() => _agent.Entries(new Slice(_file, 0, _footprint.End));

    /// <summary>
    /// The last entries, from a window at the end that doubles until it holds enough of them: a transcript of a gigabyte is as quick as a small one.
    /// </summary>
    public IReadOnlyList<TranscriptEntry> Last(int count)
    {
        if (count <= 0)
            return [];
        for (var window = FirstWindow; ; window *= 2)
        {
            // A window begins after a newline, or what stands first in it would be half a line.
            var start = window >= _footprint.End ? 0 : Lines.StartOfLast(_file, 0, _footprint.End - window, 1);
            var last = new Queue<TranscriptEntry>();
            foreach (var entry in _agent.Entries(new Slice(_file, start, _footprint.End)))
            {
                last.Enqueue(entry);
                if (last.Count > count)
                    last.Dequeue();
            }

            if (last.Count >= count || start == 0)
                return last.ToArray();
        }
    }

    /// <summary>The file, byte for byte.</summary>
    public void CopyAll(ByteSink output) => Copy(0, output);

    /// <summary>The last lines of the file, byte for byte; a half line at the end is one of them.</summary>
    public void CopyLast(int lines, ByteSink output) => Copy(Lines.StartOfLast(_file, 0, _footprint.End, lines), output);

    /// <summary>Before the last lines of the file.</summary>
    public Footprint Before(int lines) => Footprint.At(_file, Lines.StartOfLast(_file, 0, _footprint.End, lines));

    /// <summary>Throws where the file was rewritten in place since it was opened, so what was read of it may be of two versions.</summary>
    public void Finish()
    {
        if (!_footprint.StillIn(_file))
            throw new SeshException("changed", $"{Path} was rewritten while it was read", "run it again");
    }

    public void Dispose() => _file.Dispose();

    private void Copy(long start, ByteSink output)
    {
        using var slice = new Slice(_file, start, _footprint.End);
        slice.CopyTo(output);
    }
}
