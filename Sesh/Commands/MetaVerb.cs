using System.CommandLine;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

internal sealed class MetaVerb : Verb
{
    private readonly Argument<string[]> _words = Ask.Words(
        "key[=value]", "a key to read, or a value to set; before them the uuid, unless the session this runs in is meant", optional: true);

    public override string Name => "meta";

    public override string Usage => "[<uuid>]\n<uuid> <key>…\n[<uuid>] <key=value>…";

    public override string Summary => "read and set values of your own on a session";

    public override string Description =>
        """
        Without keys, all of them. With keys their values, one a line; exits 1 where one is not set. With key=value sets it, with key= takes it away.
        Inside a session the uuid may be left out, but not to read single keys: a word without "=" in front is always the uuid.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("sesh meta 3f2a ticket=ABC-12", "set"), new("sesh meta 3f2a ticket", "read"), new("sesh meta 3f2a ticket=", "take away"), new("sesh meta 3f2a --json", "all, as JSON")];

    public override IReadOnlyList<string> JsonFields => ["uuid", "meta"];

    public override int Run(Context context)
    {
        var words = context.Get(_words) ?? [];
        var hasUuid = words.Length > 0 && !words[0].Contains('=');
        var selector = context.Selector(hasUuid ? words[0] : null);
        var keys = words.Skip(hasUuid ? 1 : 0).ToList();
        var settings = keys.Where(k => k.Contains('=')).Select(Setting).ToList();
        if (settings.Count == 0)
            return Read(context, context.Session(selector), keys.ConvertAll(LabelText.MetaKey));
        if (settings.Count < keys.Count)
            throw new UsageException("meta reads or sets, not both at once");
        var records = context.Labels(this).Write(
            snapshot => [context.Select(snapshot).One(selector)],
            record => settings.Where(s => !s.Value.IsAbsent || record.Meta.ContainsKey(s.Key))
                .Select(s => new Change(new Register(record.Uuid, Field.Meta, s.Key), s.Value)));
        if (context.Out.Json)
            WriteJson(context, context.Refresh().Find(records[0].Uuid) ?? records[0]);
        else
            context.ShowChanged(records, $"set {string.Join(", ", settings.Select(s => s.Key))}");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Session : Completes.Nothing;

    protected override void Define(Command command) => command.Add(_words);

    private static int Read(Context context, SessionRecord record, List<string> keys)
    {
        if (keys.Find(k => !record.Meta.ContainsKey(k)) is { } missing)
            throw new SeshException("not-found", $"{record.Uuid} has no value {missing}", $"set it with \"sesh meta {record.Uuid} {missing}=…\"");
        if (context.Out.Json)
        {
            WriteJson(context, keys.Count == 0 ? record : record with { Meta = record.Meta.RemoveRange(record.Meta.Keys.Except(keys)) });
        }
        else if (keys.Count == 0)
        {
            foreach (var (key, value) in record.Meta)
                context.Out.Line($"{key}={value}");
        }
        else
        {
            foreach (var key in keys)
                context.Out.Text(record.Meta[key]);
        }

        return 0;
    }

    private static void WriteJson(Context context, SessionRecord record) => context.Out.WriteJson(json =>
    {
        json.StartObject();
        json.Property("uuid"u8, record.Uuid);
        json.Name("meta"u8);
        json.StartObject();
        foreach (var (key, value) in record.Meta)
        {
            json.Key(key);
            json.Value(value);
        }

        json.EndObject();
        json.EndObject();
    });

    private static (string Key, Value Value) Setting(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        var value = LabelText.MetaValue(word[(at + 1)..]);
        return (LabelText.MetaKey(word[..at]), value.Length == 0 ? Value.Absent : Value.Of(value));
    }
}
