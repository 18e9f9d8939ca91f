using System.Text;
using Sesh.Sync;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

/// <summary>Whether the user trusts a host key that is not known yet.</summary>
internal static class HostKeyQuestion
{
    /// <summary>Does something with a peer; once more where its host key was unknown and the user accepts it, which is then written down.</summary>
    /// <param name="given">The fingerprint that the command line names; null for none.</param>
    /// <param name="verb">The word behind "sesh peer" that was typed, and can be again.</param>
    /// <returns>What came of it, and the entry with what was accepted.</returns>
    /// <exception cref="SeshException">As of <paramref name="act"/>; another fingerprint was given; the answer is no, or there is nobody to ask.</exception>
    public static (T Result, Peer Peer) Settle<T>(Context context, string verb, Peer peer, string? given, Func<Peer, T> act)
    {
        while (true)
        {
            try
            {
                // Without its fingerprint: what is accepted is to stand in known_hosts, where both transports look.
                return (act(peer with { HostKey = null }), peer);
            }
            catch (HostKeyException e) when (e.MayBeAccepted)
            {
                if (!Accepts(context, peer, e, given))
                    throw new SeshException(e.Code, e.Message, e.Hint?.Replace("sesh peer add ", $"sesh peer {verb} ", StringComparison.Ordinal), inner: e);
                new AcceptedHosts(context.Home).Accept(peer.Name, e.KnownAs, e.Key!);
                peer = peer with { HostKey = e.Key!.Fingerprint };
            }
        }
    }

    // By the fingerprint that was given, else by the answer on a terminal; false where there is none to ask on.
    private static bool Accepts(Context context, Peer peer, HostKeyException unknown, string? given)
    {
        if (given is not null)
        {
            return given == unknown.Key!.Fingerprint ? true : throw new SeshException(
                "host-key-mismatch", $"{peer.Name} ({unknown.KnownAs}) shows another host key than was given: {unknown.Key}", "do not go on before you know why");
        }

        if (!context.Surroundings.InputIsTerminal || !context.Surroundings.ErrorIsTerminal)
            return false;
        var input = new StreamReader(context.Surroundings.Input(), Encoding.UTF8);
        context.Out.Note($"the host key of {peer.Name} ({unknown.KnownAs}) is not known: {unknown.Key}");
        context.Out.Continue("      compare it there: ssh-keygen -lf /etc/ssh/ssh_host_*.pub");
        while (true)
        {
            context.Out.Ask("accept it? [yes/no]: ");
            // Who connected before has asked to be told of Ctrl-C, which therefore ends no read by itself.
            var answer = Task.Run(input.ReadLine).WaitAsync(context.Cancel).GetAwaiter().GetResult()?.Trim() ?? throw new OperationCanceledException();
            if (answer is "yes" || answer == unknown.Key!.Fingerprint)
                return true;
            if (answer is "no")
                throw new SeshException("host-key-unknown", $"the host key of {peer.Name} was not accepted; nothing was changed");
            context.Out.Continue("type yes, no, or the fingerprint");
        }
    }
}
