using Xunit;

namespace Sesh.Tests.Architecture;

/// <summary>Holds the arrows of ARCHITECTURE.md, from the compiled code: what a room's types and methods really name.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Room → the rooms of the same assembly it may name.</summary>
    private static readonly Dictionary<string, string[]> ProgramArrows = new()
    {
        ["Sesh"] = ["Commands", "Output"],
        ["Sesh.Commands"] = ["Sessions", "Agents", "Tmux", "Config", "Processes", "Picking", "Output"],
        ["Sesh.Sessions"] = ["Agents", "Tmux", "Config", "Processes"],
        ["Sesh.Agents"] = ["Processes"],
        ["Sesh.Tmux"] = ["Processes"],
        ["Sesh.Config"] = ["Processes"],
        ["Sesh.Picking"] = ["Processes", "Output"],
        ["Sesh.Processes"] = [],
        ["Sesh.Output"] = [],
    };

    private static readonly Dictionary<string, string[]> LibraryArrows = new()
    {
        ["Sesh.Sync"] = [],
        ["Sesh.Sync.Documents"] = [],
        ["Sesh.Sync.Store"] = ["Documents"],
        ["Sesh.Sync.Wire"] = ["Documents", "Store"],
        ["Sesh.Sync.Transports"] = ["Documents", "Store", "Wire"],
        ["Sesh.Sync.Daemon"] = ["Documents", "Store", "Wire", "Transports"],
    };

    private static readonly string[] Vague = ["Helper", "Helpers", "Manager", "Utils", "Common", "Base"];

    [Fact]
    public void Rooms_of_the_program_name_only_rooms_below_them() => Assert.Empty(Violations("sesh.dll", "Sesh", ProgramArrows));

    [Fact]
    public void Rooms_of_the_library_name_only_rooms_below_them() => Assert.Empty(Violations("Sesh.Sync.dll", "Sesh.Sync", LibraryArrows));

    [Fact]
    public void The_library_knows_nothing_of_the_program() =>
        Assert.DoesNotContain(RoomReferences.Read(Beside("Sesh.Sync.dll")), r => r.Type.StartsWith("Sesh.", StringComparison.Ordinal) && !r.Room.StartsWith("Sesh.Sync", StringComparison.Ordinal));

    [Fact]
    public void Documents_touch_no_file_no_clock_and_no_environment()
    {
        string[] outside = ["System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Diagnostics.Process", "System.TimeProvider", "System.IO.Abstractions."];
        Assert.Empty(RoomReferences.Read(Beside("Sesh.Sync.dll"))
            .Where(r => r.Room == "Sesh.Sync.Documents" && outside.Any(o => r.Type.StartsWith(o, StringComparison.Ordinal)))
            .Select(r => $"{r.From} → {r.Type}").Distinct());

        // In IL every iterator names System.Environment, for its thread's id: so this one is looked for in the sources.
        var documents = Sources().Where(f => f.Contains("/Sesh.Sync/Documents/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(documents);
        Assert.DoesNotContain(documents, f => File.ReadAllText(f).Contains("Environment.", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_Output_writes_to_the_console() =>
        Assert.Empty(RoomReferences.Read(Beside("sesh.dll")).Concat(RoomReferences.Read(Beside("Sesh.Sync.dll")))
            .Where(r => r.Type == "System.Console" && r.Room is not "Sesh.Output" && r.From is not "Program")
            .Select(r => r.From).Distinct());

    [Fact]
    public void No_source_file_is_over_450_lines() =>
        Assert.Empty(Sources().Select(f => (File: f, Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 450).Select(f => $"{f.File}: {f.Lines}"));

    [Fact]
    public void No_type_is_named_for_what_it_might_be() =>
        Assert.DoesNotContain(Sources().Select(f => Path.GetFileNameWithoutExtension(f)), name =>
            Vague.Any(v => name.EndsWith(v, StringComparison.Ordinal)));

    private static IEnumerable<string> Violations(string assembly, string prefix, Dictionary<string, string[]> arrows)
    {
        foreach (var (room, _, type) in RoomReferences.Read(Beside(assembly)).Where(r => Within(r.Type, prefix) && Within(r.Room, prefix)).Distinct())
        {
            var target = type[..Math.Max(type.LastIndexOf('.'), 0)];
            var from = arrows.Keys.Where(k => Within(room, k)).MaxBy(k => k.Length) ?? room;
            var to = arrows.Keys.Where(k => Within(target, k)).MaxBy(k => k.Length);
            if (!arrows.TryGetValue(from, out var may))
                yield return $"{from} is a room that no arrow names";
            else if (to is not null && to != from && to != prefix && !may.Contains(to[(prefix.Length + 1)..]))
                yield return $"{from} → {type}";
        }
    }

    private static bool Within(string name, string prefix) =>
        name == prefix || (name.StartsWith(prefix, StringComparison.Ordinal) && name[prefix.Length] == '.');

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static IEnumerable<string> Sources()
    {
        var sources = new[] { "Sesh", "Sesh.Sync", "Sesh.Tests", "Sesh.Bench" }.Select(p => Path.Combine(Repository.Root, p)).Where(Directory.Exists)
            .SelectMany(p => Directory.EnumerateFiles(p, "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(sources);
        return sources;
    }
}
