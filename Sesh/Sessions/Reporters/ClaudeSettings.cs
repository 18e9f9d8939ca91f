using System.Text;
using System.Text.Json;
using Sesh.Sync;

namespace Sesh.Sessions.Reporters;

/// <summary>Claude Code's <c>settings.json</c> with our hooks and without. Bytes in, bytes out: whatever else stands in it stays as it is.</summary>
internal static class ClaudeSettings
{
    /// <summary>Events, and for which tools. PostToolUse is for all: any tool may have been asked about, and no other hook tells that the turn goes on.</summary>
    private static readonly (string Event, string Matcher)[] s_hooks =
    [
        ("SessionStart", ""), ("UserPromptSubmit", ""), ("PreToolUse", "AskUserQuestion|ExitPlanMode"), ("PermissionRequest", ""), ("Notification", ""), ("PostToolUse", ""), ("Stop", ""), ("SessionEnd", ""),
    ];

    /// <summary>Between the brackets of a file made here, once emptied.</summary>
    private const string MadeRoot = "\n";

    /// <param name="settings">Null where there is no file.</param>
    /// <param name="command">What the hooks run: a line for the shell.</param>
    /// <exception cref="SeshException"><c>settings</c>: it is not what Claude Code would read.</exception>
    public static byte[] Install(byte[]? settings, string command)
    {
        if (settings is not null && Look(settings, command) == ReporterState.Installed)
            return settings;
        var before = settings is null ? null : Uninstall(settings);
        var json = before ?? [.. "{\n  \"hooks\": {\n  }\n}\n"u8];
        var hadHooks = before is not null && Root(json)["hooks"] is not null;
        if (before is not null && !hadHooks)
            json = Opened(JsonEdit.AddMember(json, Root(json), "hooks", "{}", MadeRoot));
        foreach (var (name, matcher) in s_hooks)
        {
            var hadEvent = Hooks(json)[name] is not null;
            if (!hadEvent)
                json = JsonEdit.AddMember(json, Hooks(json), name, "[]", hadHooks ? MadeHooks(json) : null);
            var groups = Hooks(json)[name]!;
            if (!groups.IsArray)
                throw Wrong($"hooks.{name} is not a list");
            json = JsonEdit.AddItem(json, groups, Group(matcher, command), hadEvent ? JsonEdit.MadeArray : null);
        }

        return json;
    }

    /// <summary>Takes out ours alone. Null: the file was made for them, and nothing else is in it.</summary>
    public static byte[]? Uninstall(byte[] settings)
    {
        var (json, left) = (settings, Left.More);
        while (left == Left.More)
            left = Remove(ref json);
        return left == Left.File ? json : null;
    }

    public static ReporterState Look(byte[] settings, string command)
    {
        var ours = Ours(Root(settings)).ToList();
        if (ours.Count == 0)
            return ReporterState.Missing;
        var text = JsonEdit.Quoted(command);
        var asWanted = s_hooks.All(h => Root(settings)["hooks"]?[h.Event] is { IsArray: true } groups && groups.Items.Count(g => Raw(settings, g) == Group(h.Matcher, command)) == 1);
        return asWanted && ours.Count == s_hooks.Length ? ReporterState.Installed
            : ours.Count == s_hooks.Length && ours.All(o => Raw(settings, o.Entry["command"]!) != text) && ours.Select(o => o.Entry["command"]!.Text).Distinct().Count() == 1 ? ReporterState.Other
            : ReporterState.Changed;
    }

    /// <summary>What our hooks run as it stands there; null without any.</summary>
    public static string? Command(byte[] settings) => Ours(Root(settings)).Select(o => o.Entry["command"]!.Text).FirstOrDefault();

    public static bool AreDisabled(byte[] settings) => Root(settings)["disableAllHooks"] is { Kind: JsonTokenType.True };

    private static string Raw(byte[] json, JsonNode node) => Encoding.UTF8.GetString(json, node.Start, node.End - node.Start);

    private static string Group(string matcher, string command)
    {
        var tools = matcher.Length > 0 ? $"\"matcher\": {JsonEdit.Quoted(matcher)}, " : "";
        return $"{{{tools}\"hooks\": [{{\"type\": \"command\", \"command\": {JsonEdit.Quoted(command)}, \"timeout\": 5}}]}}";
    }

    /// <summary>A line break where the new object's end is to stand.</summary>
    private static byte[] Opened(byte[] json)
    {
        var hooks = Root(json)["hooks"]!;
        return [.. json.AsSpan(0, hooks.Start + 1), .. Encoding.UTF8.GetBytes(MadeHooks(json)), .. json.AsSpan(hooks.Start + 1)];
    }

    /// <summary>Between the brackets of a section made here, once emptied.</summary>
    private static string MadeHooks(byte[] json) => "\n" + JsonEdit.Indent(json, Root(json)["hooks"]!.Start);

    /// <summary>Takes out one hook of ours, and what was made for it and is empty now.</summary>
    private static Left Remove(ref byte[] json)
    {
        if (Ours(Root(json)).FirstOrDefault() is not { Entry: not null } found)
            return Left.File;
        var (name, group, entry) = found;
        if (group["hooks"]!.Items.Count > 1)
        {
            json = JsonEdit.RemoveItem(json, group["hooks"]!, entry);
            return Left.More;
        }

        json = JsonEdit.RemoveItem(json, Hooks(json)[name]!, group);
        if (!Hooks(json)[name]!.IsEmpty || !JsonEdit.WasMade(ref json, Hooks(json)[name]!, JsonEdit.MadeArray))
            return Left.More;
        json = JsonEdit.RemoveMember(json, Hooks(json), Hooks(json).Members.Last(m => m.Name == name));
        if (!Hooks(json).IsEmpty || !JsonEdit.WasMade(ref json, Hooks(json), MadeHooks(json)))
            return Left.More;
        json = JsonEdit.RemoveMember(json, Root(json), Root(json).Members.Last(m => m.Name == "hooks"));
        return Root(json).IsEmpty && JsonEdit.WasMade(ref json, Root(json), MadeRoot) ? Left.Nothing : Left.More;
    }

    private static IEnumerable<(string Event, JsonNode Group, JsonNode Entry)> Ours(JsonNode root)
    {
        if (root["hooks"] is not { IsObject: true } hooks)
            yield break;
        // Of names that stand twice the last one counts, and is the only one that is looked up.
        foreach (var name in hooks.Members.Select(m => m.Name).Distinct())
        {
            foreach (var group in hooks[name]!.Items)
            {
                foreach (var entry in group["hooks"]?.Items ?? [])
                {
                    if (entry["command"] is { Kind: JsonTokenType.String } command && ReporterProgram.IsOurs(command.Text, "claude"))
                        yield return (name, group, entry);
                }
            }
        }
    }

    private static JsonNode Root(byte[] json)
    {
        JsonNode root;
        try
        {
            root = JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw Wrong($"no JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }

        if (!root.IsObject)
            throw Wrong("it holds no settings: not an object");
        return root["hooks"] is null or { IsObject: true } ? root : throw Wrong("hooks is not a section");
    }

    private static JsonNode Hooks(byte[] json) => Root(json)["hooks"]!;

    private static SeshException Wrong(string what) => new("settings", what, "mend it; nothing was changed");

    private enum Left : byte
    {
        More,
        File,
        Nothing,
    }
}
