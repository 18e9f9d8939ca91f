using Sesh.Sync.Documents;
using Sesh.Sync.Store;

namespace Sesh.Tests.Store;

/// <summary>A home of its own under /tmp, gone at the end; and the few commands that tests of the store give.</summary>
internal sealed class StoreHome : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sesh-store-").FullName;

    public string Path => System.IO.Path.Join(_folder, "home");

    public string Own => System.IO.Path.Join(Path, "own");

    public string Docs => System.IO.Path.Join(Path, "docs");

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>A store as a new process opens it.</summary>
    public SessionStore Store(string? machine) =>
        SessionStore.Open(new StoreOptions(Path, machine is null ? null : MachineName.Parse(machine), Time));

    public SessionId Register(string machine, string name, bool isPrivate = false)
    {
        var session = SessionId.New();
        Store(machine).Write(_ => Birth(session, machine, name, isPrivate));
        return session;
    }

    public static Draft Birth(SessionId session, string machine, string name, bool isPrivate = false) => new(
        "register", [],
        [
            new Change(new Register(session, Field.Agent), Value.Of("claude")),
            new Change(new Register(session, Field.Machine), Value.Of(machine)),
            new Change(new Register(session, Field.Cwd), Value.Of("/home/u/src/sesh")),
            new Change(new Register(session, Field.AgentSessionId), Value.Of(session.ToString())),
            new Change(new Register(session, Field.CreatedAt), Value.Of(1_750_000_000_000)),
            new Change(new Register(session, Field.Name), Value.Of(name)),
        ],
        isPrivate);

    public static Draft Rename(SessionId session, string name) => new("rename", [], [new Change(new Register(session, Field.Name), Value.Of(name))]);

    /// <summary>As a person with cp would: every document of the other home over this one's.</summary>
    public void CopyDocsOf(StoreHome other)
    {
        Directory.CreateDirectory(Docs);
        foreach (var file in Directory.EnumerateFiles(other.Docs))
            File.Copy(file, System.IO.Path.Join(Docs, System.IO.Path.GetFileName(file)), overwrite: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
