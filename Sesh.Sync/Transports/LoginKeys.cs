using System.Globalization;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace Sesh.Sync.Transports;

/// <summary>The keys to log in with, in OpenSSH's order: those of the agent that are configured, its others, then files without a passphrase.</summary>
/// <param name="Sources">For SSH.NET.</param>
/// <param name="Passed">Configured keys that cannot be used, and why: for the error, should none of the others do.</param>
internal sealed record LoginKeys(IReadOnlyList<IPrivateKeySource> Sources, IReadOnlyList<string> Passed)
{
    public static LoginKeys Of(ResolvedHost host)
    {
        var agent = host.AgentSocket is { } socket ? new Agent(socket) : null;
        var held = agent?.Keys() ?? [];
        var files = host.IdentityFiles.Select(IdentityFile.Read).OfType<IdentityFile>().ToList();
        var configured = files.Select(f => f.Public).OfType<HostKey>().ToHashSet();
        var sources = new List<IPrivateKeySource>();
        var passed = new List<string>();
        foreach (var key in held.OrderByDescending(configured.Contains))
        {
            if (configured.Contains(key) || !host.IdentitiesOnly)
                sources.Add(new AgentKey(agent!, key));
        }

        foreach (var file in files)
        {
            if (file.Public is { } key && held.Contains(key))
                continue;
            if (file.IsEncrypted)
                passed.Add($"{file.Path} has a passphrase and no agent holds it (ssh-add {file.Path})");
            else if (file.IsHardware)
                passed.Add($"{file.Path} is kept by a security key, which sshnet cannot ask");
            else if (file.HasPrivate)
                Add(file.Path, sources, passed);
        }

        return new LoginKeys(sources, passed);
    }

    private static void Add(string path, List<IPrivateKeySource> sources, List<string> passed)
    {
        try
        {
            sources.Add(new PrivateKeyFile(path));
        }
        catch (Exception e) when (e is SshException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or FormatException)
        {
            passed.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {e.Message.TrimEnd('.')}"));
        }
    }

    /// <summary>A key that the agent signs with.</summary>
    private sealed class AgentKey(Agent agent, HostKey key) : IPrivateKeySource
    {
        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = key.Type == "ssh-rsa"
            ? [new AgentAlgorithm(agent, key, "rsa-sha2-512", 4), new AgentAlgorithm(agent, key, "rsa-sha2-256", 2)]
            : [new AgentAlgorithm(agent, key, key.Type, 0)];
    }

    private sealed class AgentAlgorithm(Agent agent, HostKey key, string name, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => key.Blob.ToArray();

        public override byte[] Sign(byte[] data) => agent.Sign(key, data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException("a login key signs and verifies nothing");
    }
}
