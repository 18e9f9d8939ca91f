using Sesh.Sync;
using Sesh.Sync.Store;

namespace Sesh.Sessions.Driving;

/// <summary>Waits until an agent in a pane takes a message. What stands in the way and only a person can put away is named, and nothing is typed into it.</summary>
internal sealed class Readiness(DrivenPane pane, bool force, Action<string> note, TimeProvider time)
{
    /// <summary>An agent that starts has this long; one that works, as long as it works.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(90);

    /// <summary>An idle agent that shows no input box shows a menu.</summary>
    private static readonly TimeSpan s_menuBudget = TimeSpan.FromSeconds(8);

    /// <summary>Somebody may just be about to press Enter.</summary>
    private static readonly TimeSpan s_draftGrace = TimeSpan.FromSeconds(3);

    /// <summary>Paints of what comes next can look like a question for a moment.</summary>
    private const int LooksThatCount = 3;

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _age = pane.Age(time);
    private long _waitingSince = time.GetTimestamp();
    private long _draftSince;
    private string _draft = "";
    private int _asked, _ready;
    private bool _told;

    /// <exception cref="SeshException">It cannot take one: <c>blocked</c> and <c>dialog</c> (exit 6), <c>draft</c>, <c>not-ready</c>, <c>agent-ended</c>.</exception>
    public void Wait(CancellationToken cancel)
    {
        while (!IsReady(pane.Look(), cancel))
            Pause.For(s_poll, cancel);
    }

    private bool IsReady(PaneState now, CancellationToken cancel)
    {
        if (now.Live is null)
            throw pane.Ended("before the message could be typed");
        if (now.Status == TurnStatus.Blocked || now.Dialog is not null)
        {
            if (++_asked >= LooksThatCount)
                throw Questions.Standing(pane, now);
            return false;
        }

        _asked = 0;
        if (now.IsReady)
            // In its first seconds an agent may show its box and not hear yet.
            return ++_ready >= (_age < TimeSpan.FromSeconds(15) ? 3 : 1);
        _ready = 0;
        if (now.Status == TurnStatus.Busy)
        {
            _waitingSince = time.GetTimestamp();
            if (!_told)
                note($"{pane.Agent.Name} is at work: waiting for the turn to end");
            _told = true;
            return false;
        }

        if (now is { Status: TurnStatus.Idle, Draft.Length: > 0 })
            return IsCleared(now.Draft, cancel);
        var waited = time.GetElapsedTime(_waitingSince);
        if (waited > (now.Status == TurnStatus.Idle ? s_menuBudget : s_budget))
            throw NotReady(now);
        return false;
    }

    private bool IsCleared(string draft, CancellationToken cancel)
    {
        if (draft != _draft)
            (_draft, _draftSince) = (draft, time.GetTimestamp());
        if (force)
        {
            note($"cleared what stood in the input box: {Shortened(draft)}");
            return pane.Clear(cancel) ? false : throw new SeshException("draft", "the input box cannot be emptied", $"do it there: \"sesh resume {pane.Session}\"");
        }

        return time.GetElapsedTime(_draftSince) < s_draftGrace ? false : throw new SeshException(
            "draft", $"somebody has typed into the input box and not sent it: {Shortened(draft)}", "send or delete it there, or give --force, which deletes it");
    }

    private SeshException NotReady(PaneState now)
    {
        var shown = now.Screen.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(3);
        return new SeshException(
            "not-ready", $"{pane.Agent.Name} shows no input box: {Shortened(string.Join(" · ", shown))}",
            $"look with \"sesh pane-capture {pane.Session}\", answer with \"sesh pane-keys {pane.Session} KEY\"", exitCode: 6);
    }

    private static string Shortened(string text)
    {
        const int Longest = 200;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : string.Concat(line.AsSpan(0, Longest), "…");
    }
}
