using Sesh.Sync;
using Sesh.Sync.Documents;

namespace Sesh.Config;

/// <summary>What this machine is called: <c>SESH_MACHINE</c>, else <c>machine</c> in <c>config.toml</c>. Never the host's name, which changes under one's feet.</summary>
internal static class MachineNaming
{
    public static MachineName? Of(Func<string, string?> variable, string configPath)
    {
        if (variable("SESH_MACHINE") is { Length: > 0 } named)
        {
            return MachineName.TryParse(named, out var name) ? name
                : throw new SeshException("machine-name", $"SESH_MACHINE is not a machine name: {named}", $"a name is {MachineName.Rule}");
        }

        return ConfigFile.Machine(configPath) is { } text ? MachineName.Parse(text) : null;
    }

    public static SeshException Unset() =>
        new("machine-unset", "this machine has no name yet", "run \"sesh init\", or set SESH_MACHINE");
}
