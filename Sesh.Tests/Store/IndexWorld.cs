using System.Text;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Index;

namespace Sesh.Tests.Store;

/// <summary>Homes of three machines whose documents are carried by hand, and whose caches suffer. After every step the index must answer as the documents do.</summary>
internal sealed class IndexWorld : IDisposable
{
    private static readonly string[] Machines = ["alpha", "beta", "gamma"];
    private static readonly string[] Words = ["red", "green", "blue", "Ärger", "🤝", ""];

    private readonly StoreHome[] _homes = [new(), new(), new()];
    private readonly SetClock _clock = new();
    private readonly List<SessionId> _sessions = [];

    public IndexWorld() => Array.ForEach(_homes, h => h.Time = _clock);

    /// <summary>Readings that took appended frames in one by one.</summary>
    public int Tails { get; private set; }

    /// <summary>Indexes found in place.</summary>
    public int Hits { get; private set; }

    public void Dispose() => Array.ForEach(_homes, h => h.Dispose());

    public void Do(int kind, int home, int session, int word)
    {
        home %= _homes.Length;
        _clock.Milliseconds += word * 7 % 50;
        Act(kind, home, session, word);
        Check(_homes[home]);
    }

    private void Act(int kind, int home, int session, int word)
    {
        var (here, machine) = (_homes[home], Machines[home]);
        var known = _sessions.Count == 0 ? default : _sessions[session % _sessions.Count];
        switch (kind)
        {
            case 0:
                _sessions.Add(here.Register(machine, Words[word % Words.Length], isPrivate: word % 5 == 0));
                break;
            case 1:
                Set(here, machine, new Register(known, Field.Name), Value.Of($"{Words[word % Words.Length]}{word}"));
                break;
            case 2:
                Set(here, machine, new Register(known, Field.Tag, Words[word % Words.Length] + "x"), word % 3 == 0 ? Value.Absent : Value.True);
                break;
            case 3:
                Set(here, machine, new Register(known, word % 2 == 0 ? Field.Archived : Field.Deleted), word % 3 == 0 ? Value.Absent : Value.True);
                break;
            case 4:
                Set(here, machine, new Register(known, Field.AgentSessionId), Value.Of($"rollout-{word:x4}-Ärger-{session}"));
                Set(here, machine, new Register(known, Field.FormerId, $"Former{word}"), Value.True);
                break;
            case 5 or 6:
                Carry(_homes[(home + 1 + word % 2) % 3], here, onlyOne: kind == 6 ? word : null);
                break;
            case 7:
                Try(() => here.Store(machine).Undo(null, force: false));
                break;
            case 8:
                Try(() => here.Store(machine).Compact());
                break;
            case 9:
                Spoil(here, word);
                break;
            case 10:
                for (var i = 0; i < 20; i++)
                    Set(here, machine, new Register(known, Field.Summary), Value.Of(new string('s', 200 + i)));
                break;
            default:
                Try(() => here.Store(machine).SetPrivate(known, false));
                break;
        }
    }

    private void Set(StoreHome here, string machine, Register register, Value value)
    {
        if (here.Store(machine).Read().State(register.Session) is not null)
            here.Store(machine).Write(_ => new Draft("set", [], [new Change(register, value)]));
    }

    // As cp does it: over the file that is there, in place; an older copy may so replace a newer one.
    private static void Carry(StoreHome from, StoreHome to, int? onlyOne)
    {
        if (!Directory.Exists(from.Docs))
            return;
        Directory.CreateDirectory(to.Docs);
        var files = Directory.GetFiles(from.Docs).Order().ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            var name = Path.GetFileName(files[i]);
            var isOwn = Directory.Exists(to.Own) && Directory.GetFiles(to.Own).Any(o => name.Contains(Path.GetFileNameWithoutExtension(o), StringComparison.Ordinal));
            if (!isOwn && (onlyOne is null || i == onlyOne % files.Length))
                File.Copy(files[i], Path.Join(to.Docs, name), overwrite: true);
        }
    }

    private static void Spoil(StoreHome home, int how)
    {
        var path = SessionSource.PathOf(new StorePaths(home.Path));
        if (!File.Exists(path))
            return;
        var bytes = File.ReadAllBytes(path);
        switch (how % 5)
        {
            case 0:
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
                return;
            case 1:
                bytes = bytes[..(how * 7919 % bytes.Length)];
                break;
            case 2:
                bytes[how * 7919 % bytes.Length] ^= 0x10;
                break;
            case 3:
                bytes[7]++;
                break;
            default:
                bytes = Encoding.UTF8.GetBytes("not an index at all");
                break;
        }

        File.WriteAllBytes(path, bytes);
    }

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (SeshException)
        {
            // Nothing to undo, not the owner: as good a step as any.
        }
    }

    private void Check(StoreHome home)
    {
        var files = new DocumentFiles(PosixFiles.Instance, new StorePaths(home.Path));
        Note(files);
        SourceComparison.AssertAlike(SessionSource.Of(files, _clock), FullSource.Of(files), _sessions, _clock.Milliseconds);
    }

    private void Note(DocumentFiles files)
    {
        try
        {
            using var sessions = IndexedSessions.Open(SessionSource.PathOf(files.Paths), files);
            Hits += sessions is null ? 0 : 1;
            Tails += sessions is { Tail.Length: > 0 } ? 1 : 0;
        }
        catch (IndexCorruptException)
        {
            // Spoilt or not there: what this world is about.
        }
    }
}
