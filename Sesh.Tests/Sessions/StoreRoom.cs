using Sesh.Agents;
using Sesh.Sessions;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Tests.Sessions;

/// <summary>A home of its own on the real disk, with a folder for transcripts beside it.</summary>
internal sealed class StoreRoom : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-room-").FullName;

    public StoreRoom(string machine = "alpha")
    {
        Machine = MachineName.Parse(machine);
        Transcripts = Directory.CreateDirectory(Path.Combine(_folder, "transcripts")).FullName;
        Agent = new LineAgent(Transcripts);
        Store = SessionStore.Open(new StoreOptions(Path.Combine(_folder, "home"), Machine, TimeProvider.System));
    }

    public MachineName Machine { get; }

    public string Transcripts { get; }

    public LineAgent Agent { get; }

    public SessionStore Store { get; }

    public string In(string name) => Path.Combine(_folder, name);

    public string Transcript(string id, string text)
    {
        var path = Path.Combine(Transcripts, id + ".jsonl");
        File.WriteAllText(path, text);
        return path;
    }

    public AdoptReport Adopt(AdoptRequest? request = null, Func<string, bool>? isPrivate = null, params LiveAgent[] live) =>
        new Adopting(Store, Machine, [Agent], Read, isPrivate ?? (_ => false)).Run(request ?? new AdoptRequest([]), live, CancellationToken.None);

    public int TimesRead { get; private set; }

    private TranscriptFacts Read(TranscriptFile file)
    {
        TimesRead++;
        using var stream = File.OpenRead(file.Path);
        return Agent.Read(stream);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
