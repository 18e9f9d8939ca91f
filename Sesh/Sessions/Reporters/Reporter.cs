using System.Text;
using Sesh.Agents;
using Sesh.Agents.Claude;
using Sesh.Agents.Codex;
using Sesh.Agents.Pi;
using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Sessions.Reporters;

/// <summary>How it stands with one agent's reporter.</summary>
/// <param name="Program">What its hooks run now; empty where they run nothing of ours.</param>
/// <param name="Warning">What keeps it from telling anything; empty for nothing.</param>
internal sealed record ReporterStatus(string Agent, ReporterState State, string File, string Program, string Warning);

/// <summary>One agent's reporter: where it is entered, how it is entered there and taken out.</summary>
internal abstract class Reporter(string agent, string file, ReporterProgram program)
{
    public string Agent { get; } = agent;

    protected ReporterProgram Program { get; } = program;

    protected SettingsFile File { get; } = new(file);

    public static IReadOnlyList<Reporter> All(AgentEnvironment environment, ReporterProgram program) =>
    [
        new ClaudeReporter(Path.Join(ClaudeFolders.Configuration(environment), "settings.json"), program),
        new CodexReporter(Path.Join(CodexFolders.Home(environment), "config.toml"), program),
        new PiReporter(Path.Join(PiFolders.Agent(environment), "extensions", "sesh.ts"), program, PiFolders.Agent(environment)),
    ];

    /// <summary>The agent was run here at least once.</summary>
    public virtual bool HasAgent => Directory.Exists(Path.GetDirectoryName(File.Path));

    public ReporterStatus Look() => File.Read() is { } content ? InItsFile(() => Look(content)) : new ReporterStatus(Agent, HasAgent ? ReporterState.Missing : ReporterState.NoAgent, File.Path, "", "");

    /// <returns>Something was changed.</returns>
    /// <exception cref="SeshException"><c>settings</c>: the file is not what the agent would read, or cannot be written.</exception>
    public bool Install()
    {
        var before = File.Read();
        var after = InItsFile(() => With(before));
        return Replace(before, after);
    }

    /// <inheritdoc cref="Install"/>
    public bool Uninstall()
    {
        var before = File.Read();
        return before is not null && Replace(before, InItsFile(() => Without(before)));
    }

    protected abstract ReporterStatus Look(byte[] content);

    protected abstract byte[] With(byte[]? content);

    protected abstract byte[]? Without(byte[] content);

    protected static string Gone(string program) => program.Length > 0 && !Programs.IsExecutable(program) ? $"{program} is not there any more" : "";

    private bool Replace(byte[]? before, byte[]? after)
    {
        if (before is null ? after is null : after is not null && before.AsSpan().SequenceEqual(after))
            return false;
        File.Write(after);
        return true;
    }

    private T InItsFile<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (SeshException e) when (e.Code == "settings")
        {
            throw new SeshException(e.Code, $"{File.Path}: {e.Message}", e.Hint, e.ExitCode, e);
        }
    }

    private sealed class ClaudeReporter(string file, ReporterProgram program) : Reporter("claude", file, program)
    {
        protected override ReporterStatus Look(byte[] content)
        {
            var runs = ClaudeSettings.Command(content) is { } line ? ReporterProgram.PathIn(line) : "";
            var warning = ClaudeSettings.AreDisabled(content) ? "disableAllHooks is set: no hook runs" : Gone(runs);
            return new ReporterStatus(Agent, ClaudeSettings.Look(content, Program.Line(Agent)), File.Path, runs, warning);
        }

        protected override byte[] With(byte[]? content) => ClaudeSettings.Install(content, Program.Line(Agent));

        protected override byte[]? Without(byte[] content) => ClaudeSettings.Uninstall(content);
    }

    private sealed class CodexReporter(string file, ReporterProgram program) : Reporter("codex", file, program)
    {
        protected override ReporterStatus Look(byte[] content)
        {
            var text = Encoding.UTF8.GetString(content);
            var runs = CodexSettings.Program(text) ?? "";
            return new ReporterStatus(Agent, CodexSettings.Look(text, Program), File.Path, runs, Gone(runs));
        }

        protected override byte[] With(byte[]? content) => Encoding.UTF8.GetBytes(CodexSettings.Install(content is null ? null : Text(content), Program));

        protected override byte[]? Without(byte[] content) => CodexSettings.Uninstall(Text(content)) is { } text ? Encoding.UTF8.GetBytes(text) : null;

        private static string Text(byte[] content)
        {
            var text = Encoding.UTF8.GetString(content);
            return content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)) ? text : throw new SeshException("settings", "it is no UTF-8", "mend it; nothing was changed");
        }
    }

    private sealed class PiReporter(string file, ReporterProgram program, string folder) : Reporter("pi", file, program)
    {
        public override bool HasAgent => Directory.Exists(folder);

        protected override ReporterStatus Look(byte[] content) => new(
            Agent,
            content.AsSpan().SequenceEqual(PiExtension.Bytes) ? ReporterState.Installed : PiExtension.IsOtherVersion(content) ? ReporterState.Other : PiExtension.IsOurs(content) ? ReporterState.Changed : ReporterState.Missing,
            File.Path, "", "");

        protected override byte[] With(byte[]? content) => content is null || PiExtension.IsOurs(content) ? PiExtension.Bytes
            : throw new SeshException("settings", "somebody else's extension", "give it another name; nothing was changed");

        protected override byte[]? Without(byte[] content) => PiExtension.IsOurs(content) ? null : content;
    }
}
