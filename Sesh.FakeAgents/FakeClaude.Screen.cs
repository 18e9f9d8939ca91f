namespace Sesh.FakeAgents;

/// <summary>As its pane shows it.</summary>
internal sealed partial class FakeClaude
{
    protected override string Title() => State switch
    {
        FakeState.Trust => "claude",
        FakeState.Busy => $"{(Tick % 2 == 0 ? '◐' : '◑')} {(_name.Length > 0 ? _name : "Claude Code")}",
        _ => $"✳ {(_name.Length > 0 ? _name : "Claude Code")}",
    };

    protected override IEnumerable<string> Screen()
    {
        const string Rule = "────────────────────────────────────────────────────────────";
        yield return " ▐▛███▛█   Claude Code v2.1.330";
        yield return $" ▘▘ ▝▝    {Cwd}";
        if (State == FakeState.Trust && AsksLogin)
        {
            yield return " Select login method:";
            yield return " ❯ 1. Claude account with subscription";
            yield return "   2. Anthropic Console account";
            yield break;
        }

        if (State == FakeState.Trust)
        {
            yield return Rule;
            yield return " Accessing workspace:";
            yield return $" {Cwd}";
            yield return "   1. Yes, I trust this folder";
            yield return " ❯ 2. No, exit";
            yield return " Enter to confirm · Esc to cancel";
            yield break;
        }

        foreach (var line in Shown.TakeLast(12))
        {
            yield return line;
        }

        if (State == FakeState.Waiting)
        {
            yield return Rule;
            yield return " Bash command";
            yield return $" {Asked}";
            yield return " Do you want to proceed?";
            yield return " ❯ 1. Yes";
            yield return "   2. No";
            yield return " Esc to cancel · Tab to amend";
            yield break;
        }

        foreach (var queued in Queued)
        {
            yield return $"❯ {queued}";
        }

        if (State == FakeState.Busy)
        {
            yield return $"{"✢✳✶✻"[Tick % 4]} Sketching…";
        }

        yield return Rule;
        yield return Queued.Any() && Input.Length == 0 ? "❯ \e[7mP\e[0;2mress up to edit queued messages\e[0m" : $"❯ {Input}\e[7m \e[0m";
        yield return Rule;
        yield return $"  ⏸ manual mode on · {(State == FakeState.Busy ? "esc to interrupt" : "? for shortcuts")} · ← for agents";
    }
}
