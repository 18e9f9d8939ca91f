// A stand-in for Claude Code, Codex and pi, for tests in real tmux without a model: their command lines, their files, their titles and screens,
// as seen with claude 2.1.330, codex 0.169.0 and pi 0.87.1.
//
// Start it under the name of the agent, by a symbolic link (the kernel's short name is then the agent's too):
//     ln -s .../fake-agent bin/claude;  ln -s .../fake-agent bin/codex;  ln -s .../fake-agent bin/pi
// In the tests: FakeAgentFolder makes such a folder.
//
// It keeps to HOME, CLAUDE_CONFIG_DIR, CODEX_HOME, PI_CODING_AGENT_DIR, PI_CODING_AGENT_SESSION_DIR, TZ as the real ones do. Understood:
//     claude [--session-id ID | --resume ID [--fork-session]] [--name N] [--model M] [-p] [PROMPT]
//     codex  [-c K=V] [--model M] [PROMPT] | codex resume|fork [-C DIR] ID | codex exec [--json] [--ephemeral] [resume ID] PROMPT | codex queue --thread ID --message TEXT
//     pi     [--session-id ID | --session PATH|ID | --fork PATH|ID [--session-id ID]] [--name N] [--model M] [-p] [PROMPT]
//     any:   --version; without a terminal the prompt may come on standard input; claude --no-session-persistence and pi --no-session keep nothing
// Other options are passed over (their value too, for those known to take one).
//
// What is typed or pasted and sent with Enter is answered with "echo: TEXT". Directives in it:
//     [[sleep:S]]        work for S seconds (fractions too) first
//     [[tool:bash:CMD]]  ask for permission, run CMD by sh on Enter or 1, then answer "echo: TEXT\ntool: OUTPUT"; Esc declines. pi never asks
//     [[allow]]          no question for the tool
//     [[tokens:N]]       the context after the answer
//     [[reply:TEXT]]     answer TEXT instead
//     [[say:TEXT]]       say TEXT first, before the tool and the answer
//     [[error:CODE]]     the model fails
// Esc interrupts; before anything was said claude then has the prompt in its box again. Enter while it works: claude and pi keep the message for a turn of its own, codex
// takes it into the running one. What begins with ! is "run by a shell". A last word that begins with @ makes codex's Enter choose from a menu. Keys: C-u clears the input, C-c or C-d leaves. Commands: /clear (claude: new id in the same process), /new (codex: keeps both locks; pi),
// /compact, /rename N or /name N, /title N (claude, codex: as if a model had named it), /quit.
//
// What goes wrong, by variable:
//     FAKE_LAST_WORDS=TEXT  prints TEXT and exits 1 at once
//     FAKE_HANG=1           starts, paints nothing, reads nothing
//     FAKE_TRUST=1          first asks whether to trust the folder (1 and Enter: yes; Enter alone: claude leaves, the others go on)
//     FAKE_LOGIN=1          claude, codex: first asks how to log in
//     FAKE_LATE=S           does nothing at all in its first S seconds
//     FAKE_SLOW=S           paints its first screen after S seconds
//     FAKE_LINGER=S         takes S seconds to end once it is to
//     FAKE_DEAF=S           does not hear Enter in its first S seconds: the text stays in the box
//     FAKE_NO_STATUS=1      claude: writes no status file
//     FAKE_BACKGROUND=1     claude: calls itself a background session (kind bg)
//
// Hooks are run as the real ones run them: claude those of settings.json, codex its notify.
//
// kill -9 leaves what the real one leaves (claude: sessions/PID.json; codex: the lock file, not the lock). SIGHUP and SIGTERM clean up.
using Sesh.FakeAgents;

var name = Identity.Name();
if (name == "pi" && Identity.HideArguments(args))
{
    return 127;
}

args = Identity.ShownArguments(args);
if (args is ["--version"] or ["-v"])
{
    Terminal.Write(name switch { "claude" => "2.1.330 (Claude Code)\n", "codex" => "codex-cli 0.169.0\n", _ => "0.87.1\n" });
    return 0;
}

if (Environment.GetEnvironmentVariable("FAKE_LAST_WORDS") is { Length: > 0 } words)
{
    Terminal.Write(words + "\n");
    return 1;
}

if (Environment.GetEnvironmentVariable("FAKE_HANG") == "1")
{
    Thread.Sleep(Timeout.Infinite);
}

if (double.TryParse(Environment.GetEnvironmentVariable("FAKE_LATE"), System.Globalization.CultureInfo.InvariantCulture, out var late))
{
    Thread.Sleep(TimeSpan.FromSeconds(late));
}

try
{
    if (name == "codex" && args is ["queue", ..])
    {
        return FakeCodex.QueueMessage(new Arguments(args, FakeCodex.WithValue));
    }

    using FakeAgent agent = name switch
    {
        "claude" => new FakeClaude(new Arguments(args, FakeClaude.WithValue)),
        "codex" => new FakeCodex(new Arguments(args, FakeCodex.WithValue)),
        "pi" => new FakePi(new Arguments(args, FakePi.WithValue)),
        _ => throw new Refusal($"started as {name}: make a link named claude, codex or pi"),
    };
    return agent.Headless ? agent.RunOnce() : agent.RunScreen();
}
catch (Refusal refusal)
{
    Terminal.Write(refusal.Message + "\n");
    return 1;
}
