using System.Text.Json.Nodes;

namespace Sesh.Tests.Built;

/// <summary>A machine of a mesh on this one: a home, an sshd whose logins have that home and no SESH_MACHINE, and ssh's own files to reach others with.</summary>
internal sealed class MeshMachine : IDisposable
{
    private readonly JsonArray _peers = [];

    public MeshMachine(string name)
    {
        Name = name;
        Sesh = new BuiltSesh(name);
        Ssh = new SshUser(Sesh.UserHome);
        Sesh.Environment["PATH"] = Ssh.SearchPath;
        Sshd = new Sshd(Sesh.UserHome, new Dictionary<string, string>
        {
            ["PATH"] = Ssh.SearchPath,
            ["SESH_HOME"] = Sesh.Home,
            ["SESH_TMUX_SOCKETS"] = Sesh.Environment["SESH_TMUX_SOCKETS"],
            ["TMPDIR"] = Sesh.Environment["TMPDIR"],
        });
    }

    public string Name { get; }

    public BuiltSesh Sesh { get; }

    public Sshd Sshd { get; }

    public SshUser Ssh { get; }

    /// <summary>A session with a transcript of one turn, recorded here.</summary>
    public string Adopt(string prompt)
    {
        var uuid = Transcripts.Claude(Sesh, prompt);
        Sesh.Run("adopt").Succeeds();
        return uuid;
    }

    /// <summary>Lists the other as one that this machine dials.</summary>
    public void Dials(MeshMachine other, string allow = "sync", bool relay = false, string transport = "sshnet")
    {
        Ssh.Reaches(other.Sshd, other.Name);
        Lists(new JsonObject
        {
            ["name"] = other.Name,
            ["destination"] = other.Name,
            ["transport"] = transport,
            ["remoteSesh"] = BuiltSesh.Binary,
            ["allow"] = allow,
            ["relay"] = relay,
        });
    }

    /// <summary>Lists the other as one that only dials in.</summary>
    public void Expects(MeshMachine other, bool relay = false) => Lists(new JsonObject { ["name"] = other.Name, ["relay"] = relay });

    /// <summary>Lists a peer by an entry of <c>peers.json</c>.</summary>
    public void Lists(JsonObject entry)
    {
        _peers.Add((JsonNode)entry);
        Directory.CreateDirectory(Sesh.Home);
        File.WriteAllText(Path.Combine(Sesh.Home, "peers.json"), new JsonObject { ["peers"] = _peers.DeepClone() }.ToJsonString());
    }

    /// <summary>Has the other's documents, as a file copier would bring them: without a connection.</summary>
    public void Takes(MeshMachine other)
    {
        var docs = Directory.CreateDirectory(Path.Combine(Sesh.Home, "docs")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(other.Sesh.Home, "docs")))
            File.Copy(file, Path.Combine(docs, Path.GetFileName(file)), overwrite: true);
    }

    public void Dispose()
    {
        Sshd.Dispose();
        Sesh.Dispose();
    }
}
