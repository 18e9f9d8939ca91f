using System.Globalization;
using System.Text;

namespace Sesh.Sync.Transports;

/// <summary>Asks the user's own <c>ssh</c> what a destination means.</summary>
internal static class HostResolution
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Options that a peer's entry adds to whatever the configuration says.</summary>
    public static IEnumerable<string> Options(Peer peer)
    {
        if (peer.Port is { } port)
        {
            yield return "-p";
            yield return port.ToString(CultureInfo.InvariantCulture);
        }

        if (peer.Identity is { } identity)
        {
            yield return "-i";
            yield return identity;
            yield return "-o";
            yield return "IdentitiesOnly=yes";
        }
    }

    /// <exception cref="SeshException"><c>destination</c>, <c>dials-in</c>; <c>ssh-config</c>: the configuration cannot be read.</exception>
    public static async Task<ResolvedHost> ResolveAsync(Peer peer, TransportOptions options, CancellationToken cancel)
    {
        var destination = Destination.Check(peer.Destination ?? throw new SeshException(
            "dials-in", $"{peer.Name} has no address: it dials in, and can be reached while its link is up", $"give it one: sesh peer add {peer.Name} [user@]host"));
        if (options.Ssh is not { } ssh)
            return Own(ResolvedHost.Plain(destination, options), peer);
        var program = SpawnedProgram.Start(ssh, ["-G", "-T", .. Options(peer), "--", destination], options.Environment);
        await using (program.ConfigureAwait(false))
        {
            using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            timed.CancelAfter(Patience);
            try
            {
                using var reader = new StreamReader(program.Output, Encoding.UTF8);
                var text = await reader.ReadToEndAsync(timed.Token).ConfigureAwait(false);
                if (await program.Exited.WaitAsync(timed.Token).ConfigureAwait(false) == 0)
                    return ResolvedHost.Parse(text, destination, options);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new SeshException("ssh-config", $"ssh -G {destination} does not end", "look for what its configuration runs (Match exec)");
            }

            throw new SeshException("ssh-config", $"ssh cannot make sense of {destination}: {SshWords.Last(program.Complaint)}", "mend ~/.ssh/config");
        }
    }

    private static ResolvedHost Own(ResolvedHost host, Peer peer) => host with
    {
        Port = peer.Port ?? host.Port,
        IdentityFiles = peer.Identity is { } identity ? [identity] : host.IdentityFiles,
        IdentitiesOnly = peer.Identity is not null,
    };
}
