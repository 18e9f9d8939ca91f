using Sesh.Config;
using Sesh.Sessions;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Commands;

/// <summary>What verbs ask about sessions.</summary>
internal sealed partial class Context
{
    private Snapshot? _snapshot;

    /// <summary>The documents as they stood when first asked; <see cref="Refresh"/> reads them again.</summary>
    public Snapshot Snapshot => _snapshot ??= Store.Read();

    /// <summary>After a write of ours.</summary>
    public Snapshot Refresh() => _snapshot = Store.Read();

    /// <summary>The session meant by a word, or without one by where the command runs.</summary>
    public SessionRecord Session(string? selector, bool deletedToo = false)
    {
        // Before anything is read: an empty word is wrong whatever the files say.
        var meant = Selector(selector);
        return Select(Snapshot).One(meant, deletedToo);
    }

    /// <summary>The machines of all sessions that are not deleted, each once.</summary>
    public IEnumerable<string> MachinesOfSessions() => Snapshot.Records().Where(r => !r.Deleted && r.Machine.Length > 0).Select(r => r.Machine).Distinct();

    /// <summary>Where <c>--machine</c> narrows what is shown to a machine that nobody knows: nothing is the right answer, and hardly what was meant.</summary>
    public void TellUnknownMachine()
    {
        if (MachineOption is not { } given || given == Machine?.Text || line.Verb is not { Machine: MachineMeaning.Filters or MachineMeaning.Narrows })
            return;
        IReadOnlyList<string> known;
        try
        {
            known = [.. MachinesOfSessions().Concat(Peers.Select(p => p.Name.Text)).Concat(Machine is { } own ? [own.Text] : []).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (SeshException)
        {
            // Without its files nobody knows who is known; and what is wrong with them is told elsewhere.
            return;
        }

        if (known.Contains(given) || Snapshot.Records().Any(r => r.Machine == given))
            return;
        Out.Flush();
        Out.Note($"no machine is called {given}: {(Nearest.To(given, known) is { } near ? $"did you mean {near}?" : known.Count > 0 ? $"there {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known)}" : "none is known yet")}");
    }

    /// <summary>Narrowed by <c>--machine</c>.</summary>
    public Selection Select(Snapshot snapshot) => new(snapshot, MachineOption, withPrivate: RequestFrom is null);

    /// <summary>The word, or without one the session this runs in.</summary>
    public string Selector(string? selector) => Selector(selector, "no session is named");

    /// <param name="missing">What is wrong where there is no word and this runs in no session.</param>
    public string Selector(string? selector, string missing)
    {
        if (selector is null)
            return ThisSession.Selector(Tmux, Variable("SESH_SESSION_ID"), missing);
        Selection.CheckNotEmpty(selector);
        return selector;
    }

    /// <summary>The words, or without any the session this runs in.</summary>
    public IReadOnlyList<string> Selectors(IReadOnlyList<string>? selectors) =>
        selectors is { Count: > 0 } ? [.. selectors.Select(Selector)] : [Selector(null)];

    public SessionView View(SessionRecord record) => new(record, Live.Find(record.Uuid, record.Machine));

    /// <summary>For a verb that changes labels.</summary>
    public Labels Labels(Verb verb) => new(Store, verb.Name, GivenOptions());

    /// <summary>What a label verb did: the records as they are now as JSON, or a remark for a person.</summary>
    public void ShowChanged(IReadOnlyList<SessionRecord> changed, string what)
    {
        if (!Out.Json)
        {
            foreach (var record in changed)
                Out.Remark($"{record.Uuid} {what}");
            return;
        }

        var snapshot = Refresh();
        var views = changed.Select(r => View(snapshot.Find(r.Uuid) ?? r)).ToList();
        Out.WriteJson(json =>
        {
            json.StartArray();
            foreach (var view in views)
                SessionJson.Write(json, view);
            json.EndArray();
        });
    }

    /// <summary>Is it this machine's, so that its agent and files are here?</summary>
    public bool IsOwn(SessionRecord record) => Machine is { } machine && record.Machine == machine.Text;
}
