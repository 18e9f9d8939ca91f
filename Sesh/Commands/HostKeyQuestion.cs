using System.Text;
using Sesh.Sync;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

/// <summary>Whether the user trusts a host key that is not known yet.</summary>
internal static class HostKeyQuestion
{
    /// <summary>By the fingerprint that was given, else by the answer on a terminal; false where there is none to ask on.</summary>
    /// <param name="given">Null for none.</param>
    /// <exception cref="SeshException">Another fingerprint was given, or the answer is no.</exception>
    public static bool Accepts(Context context, Peer peer, HostKeyException unknown, string? given)
    {
        if (given is not null)
        {
            return given == unknown.Key!.Fingerprint ? true : throw new SeshException(
                "host-key-mismatch", $"{peer.Name} ({unknown.KnownAs}) shows another host key than was given: {unknown.Key}", "do not go on before you know why");
        }

        if (!context.Surroundings.InputIsTerminal || !context.Surroundings.ErrorIsTerminal)
            return false;
        using var input = new StreamReader(context.Surroundings.Input(), Encoding.UTF8);
        context.Out.Note($"the host key of {peer.Name} ({unknown.KnownAs}) is not known: {unknown.Key}");
        context.Out.Continue("      compare it there: ssh-keygen -lf /etc/ssh/ssh_host_*.pub");
        while (true)
        {
            context.Out.Ask("accept it? [yes/no]: ");
            var answer = input.ReadLine()?.Trim() ?? throw new OperationCanceledException();
            if (answer is "yes" || answer == unknown.Key!.Fingerprint)
                return true;
            if (answer is "no")
                throw new SeshException("host-key-unknown", $"the host key of {peer.Name} was not accepted; nothing was changed");
            context.Out.Continue("type yes, no, or the fingerprint");
        }
    }
}
