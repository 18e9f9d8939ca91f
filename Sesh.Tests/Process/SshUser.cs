namespace Sesh.Tests.Built;

/// <summary>
/// A home's OpenSSH files: a key, known hosts, a configuration; and an <c>ssh</c> that reads these alone. OpenSSH asks the account for its home and not
/// <c>$HOME</c>, so this user's own files would be read by any other: commands under test must have <see cref="SearchPath"/> as their PATH.
/// </summary>
internal sealed class SshUser
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _bin;

    /// <param name="home">Exists.</param>
    public SshUser(string home)
    {
        Home = home;
        Folder = Directory.CreateDirectory(Path.Join(home, ".ssh"), OwnerOnly).FullName;
        _bin = Directory.CreateDirectory(Path.Join(home, ".ssh", "bin")).FullName;
        Key = SshKey.Make(Path.Join(Folder, "id_ed25519"));
        File.WriteAllText(KnownHosts, "");
        File.WriteAllText(Config, "");
        foreach (var name in (string[])["ssh", "scp", "sftp"])
            Script(name, $"exec /usr/bin/{name} -F '{Config}' \"$@\"");
        AddToConfig(
            $"""
            Host *
              IdentityFile {Key.Path}
              UserKnownHostsFile {KnownHosts}
              GlobalKnownHostsFile /dev/null
            """);
    }

    public string Home { get; }

    /// <summary>Its <c>.ssh</c>.</summary>
    public string Folder { get; }

    public SshKey Key { get; }

    public string KnownHosts => Path.Join(Folder, "known_hosts");

    public string Config => Path.Join(Folder, "config");

    /// <summary>A PATH on which <c>ssh</c> reads these files alone.</summary>
    public string SearchPath => $"{_bin}:{Environment.GetEnvironmentVariable("PATH")}";

    public string Program => Path.Join(_bin, "ssh");

    /// <summary>Makes <c>ssh ALIAS</c> reach that sshd: a Host of the configuration, its host key known, our key authorized there.</summary>
    public void Reaches(Sshd sshd, string alias)
    {
        Names(sshd, alias);
        Knows(sshd);
        sshd.Authorize(Key);
    }

    /// <summary>The Host of the configuration alone.</summary>
    public void Names(Sshd sshd, string alias, params IEnumerable<string> more) =>
        AddToConfig($"Host {alias}\n  HostName 127.0.0.1\n  Port {sshd.Port}\n  User {Sshd.User}\n{string.Concat(more.Select(m => $"  {m}\n"))}");

    public void Knows(Sshd sshd) => File.AppendAllText(KnownHosts, sshd.KnownHost() + "\n");

    /// <summary>In front of what is there: of two values ssh takes the first.</summary>
    public void AddToConfig(string text) => File.WriteAllText(Config, text + "\n" + File.ReadAllText(Config));

    /// <summary>Puts a program of this name in front of the PATH.</summary>
    public void Script(string name, string body)
    {
        var path = Path.Join(_bin, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, OwnerOnly);
    }
}
