namespace Sesh.Commands;

/// <summary>Every verb by name. A switch, so that a command pays for its own verb alone.</summary>
internal static class Verbs
{
    /// <summary>Names in the groups and the order in which help lists them.</summary>
    public static IReadOnlyList<(string Title, string[] Names)> Groups =>
    [
        ("Looking", ["list", "find", "info", "state", "tags", "tail", "transcript", "history", "op log", "explain"]),
        ("Going there", ["resume", "pick", "new"]),
        ("Driving the agent", ["send", "await", "abort", "compact", "delegate"]),
        ("Recording", ["adopt", "register", "import"]),
        ("Labels, for any machine's session", ["rename", "autoname", "autoname-toggle", "tag", "untag", "retag", "archive", "unarchive", "meta", "delete", "undo"]),
        ("Panes", ["pane", "pane-resolve", "pane-capture", "pane-keys"]),
        ("Other machines", ["sync", "peer list", "peer add", "peer remove", "peer test", "peer install", "peer authorize", "peer forget", "serve"]),
        ("The daemon", ["daemon start", "daemon stop", "daemon restart", "daemon status", "daemon ensure", "daemon run"]),
        ("This machine", ["private", "reporters status", "reporters install", "reporters uninstall", "report", "hooks list", "hooks test", "doctor", "gc"]),
        ("This program", ["init", "completion", "help"]),
    ];

    public static Verb? Find(string name) => name switch
    {
        "__complete" => new CompleteVerb(),
        "__end-with" => new EndWithVerb(),
        "__turn" => new TurnVerb(),
        "abort" => new AbortVerb(),
        "adopt" => new AdoptVerb(),
        "archive" => new ArchiveVerb(archive: true),
        "autoname" => new AutonameVerb(),
        "autoname-toggle" => new AutonameToggleVerb(),
        "await" => new AwaitVerb(),
        "compact" => new CompactVerb(),
        "completion" => new CompletionVerb(),
        "daemon ensure" => new DaemonEnsureVerb(),
        "daemon restart" => new DaemonRestartVerb(),
        "daemon run" => new DaemonRunVerb(),
        "daemon start" => new DaemonStartVerb(),
        "daemon status" => new DaemonStatusVerb(),
        "daemon stop" => new DaemonStopVerb(),
        "delegate" => new DelegateVerb(),
        "delete" => new DeleteVerb(),
        "doctor" => new DoctorVerb(),
        "explain" => new ExplainVerb(),
        "find" => new FindVerb(),
        "gc" => new GcVerb(),
        "help" => new HelpVerb(),
        "history" => new HistoryVerb(),
        "hooks list" => new HooksListVerb(),
        "hooks test" => new HooksTestVerb(),
        "import" => new ImportVerb(),
        "info" => new InfoVerb(),
        "init" => new InitVerb(),
        "list" => new ListVerb(),
        "meta" => new MetaVerb(),
        "new" => new NewVerb(),
        "op log" => new OpLogVerb(),
        "pane" => new PaneVerb(),
        "pane-capture" => new PaneCaptureVerb(),
        "pane-keys" => new PaneKeysVerb(),
        "pane-resolve" => new PaneResolveVerb(),
        "peer add" => new PeerAddVerb(),
        "peer authorize" => new PeerAuthorizeVerb(),
        "peer forget" => new PeerForgetVerb(),
        "peer install" => new PeerInstallVerb(),
        "peer key" => new PeerKeyVerb(),
        "peer list" => new PeerListVerb(),
        "peer remove" => new PeerRemoveVerb(),
        "peer test" => new PeerTestVerb(),
        "pick" => new PickVerb(),
        "private" => new PrivateVerb(),
        "register" => new RegisterVerb(),
        "rename" => new RenameVerb(),
        "report" => new ReportVerb(),
        "reporters install" => new ReportersVerb("install"),
        "reporters status" => new ReportersVerb("status"),
        "reporters uninstall" => new ReportersVerb("uninstall"),
        "resume" => new ResumeVerb(),
        "retag" => new RetagVerb(),
        "send" => new SendVerb(),
        "serve" => new ServeVerb(),
        "state" => new StateVerb(),
        "sync" => new SyncVerb(),
        "tag" => new TagVerb(add: true),
        "tags" => new TagsVerb(),
        "tail" => new TailVerb(),
        "transcript" => new TranscriptVerb(),
        "unarchive" => new ArchiveVerb(archive: false),
        "undo" => new UndoVerb(),
        "untag" => new TagVerb(add: false),
        "walk" => new WalkVerb(),
        _ => null,
    };

    public static IEnumerable<Verb> All() => Groups.SelectMany(g => g.Names).Select(n => Find(n)!);

    /// <summary>First words of verbs of two words.</summary>
    public static bool IsGroup(string word) => word is "op" or "peer" or "daemon" or "reporters" or "hooks";

    /// <summary>What a group's word alone means; null for one that needs its second word.</summary>
    public static string? Alone(string group) => group switch { "peer" => "peer list", "reporters" => "reporters status", "hooks" => "hooks list", _ => null };
}
