using Sesh.Agents;
using Sesh.Output;
using Sesh.Sessions.Reading;
using Sesh.Sync.Documents;

namespace Sesh.Commands;

/// <summary><c>tail -f</c> of a session of this machine: its end, and then what is added to it. Ends by cancellation alone.</summary>
/// <param name="marking">Where a follower on another machine asks: his marks go there, between what is printed. Null: nobody needs any.</param>
internal sealed class TailFollowing(Context context, SessionRecord record, bool raw, MarkingStream? marking)
{
    /// <summary>Between two looks at a followed transcript: quick to the eye, nothing to the machine.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Every how many looks the agent's id is asked for again: it drifts at compaction and <c>/clear</c>.</summary>
    private const int LooksPerLocate = 5;

    private readonly Printer _out = marking is null ? context.Out : new Printer(context.Out.Settings, marking, context.Surroundings.Error);

    private int _looks;

    /// <param name="count">Entries, with raw lines, from the end.</param>
    /// <param name="from">A mark of before, from where to go on; null to begin.</param>
    public int Run(int count, string? from)
    {
        var cancel = context.Cancel;
        var (agent, path) = from is null ? context.Transcript(record) : Expected();
        using var following = new Following(() =>
        {
            // Also while there is none: it may come back under another name.
            if (++_looks % LooksPerLocate == 0 || path is null)
                path = context.TranscriptNow(agent, record) ?? path;
            return path;
        });
        if (from is not null)
            following.StartAt(from);
        else
            Begin(following, agent, path!, count);
        while (true)
        {
            if (following.Look() is { } part)
            {
                Print(agent, part);
                Tell(following.Mark);
                cancel.ThrowIfCancellationRequested();
                continue;
            }

            cancel.WaitHandle.WaitOne(Pause);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private (IAgent Agent, string? Path) Expected()
    {
        var agent = context.Agent(record.Agent);
        return (agent, context.TranscriptNow(agent, record));
    }

    private void Begin(Following following, IAgent agent, string path, int count)
    {
        using var open = OpenTranscript.Open(path, agent, record.Uuid.ToString(), wholeLines: true);
        if (raw && marking is not null)
        {
            // In the pieces of following, each with its mark: nobody need hold all of them.
            var before = open.Before(count);
            following.StartAt(open, before);
            Tell(before.Mark);
            return;
        }

        if (raw)
            open.CopyLast(count, _out.Raw);
        else
            EntriesView.Print(_out, open.Last(count));
        open.Finish();
        following.StartBehind(open);
        Tell(open.Footprint.Mark);
    }

    private void Print(IAgent agent, FollowedPart part)
    {
        if (part.Note.Length > 0)
            _out.Note($"the transcript {part.Note}");
        if (raw)
            part.Raw.CopyTo(_out.Raw);
        else
            EntriesView.Print(_out, agent.Entries(part.Raw));
    }

    private void Tell(string? mark)
    {
        _out.Flush();
        if (mark is not null)
            marking?.Mark(mark);
    }
}
