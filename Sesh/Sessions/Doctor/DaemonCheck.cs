using System.Globalization;
using Sesh.Sync;
using Sesh.Sync.Daemon;

namespace Sesh.Sessions.Doctor;

/// <summary>Does the daemon run, is it of this program, and does it find the agents that this shell finds?</summary>
/// <param name="open">A link to it; null where nobody listens.</param>
/// <param name="process">Of whoever holds the daemon's lock; null where none runs.</param>
/// <param name="version">Of this program.</param>
internal sealed class DaemonCheck(Func<Task<DaemonClient?>> open, Func<int?> process, string version, bool hasPeers)
{
    /// <param name="here">What was found of the agents' programs in this environment.</param>
    public async Task<IReadOnlyList<Finding>> LookAsync(IReadOnlyList<Finding> here, CancellationToken cancel)
    {
        DaemonClient? daemon;
        try
        {
            daemon = await open().ConfigureAwait(false);
        }
        catch (SeshException e)
        {
            return [Finding.Fail("daemon", e.Message, e.Hint ?? "\"sesh daemon restart\" starts it anew")];
        }

        if (daemon is null)
        {
            return process() is { } pid
                ? [Finding.Fail("daemon", string.Create(CultureInfo.InvariantCulture, $"runs as process {pid}, but nobody listens on its socket"), "\"sesh daemon restart\" starts it anew")]
                : [Finding.Ok("daemon", hasPeers ? "does not run: other machines' news comes with \"sesh sync\", hooks do not run" : "does not run; nothing needs it but hooks")];
        }

        await using var closing = daemon.ConfigureAwait(false);
        if (daemon.Version != version)
            return [Finding.Warn("daemon", $"is sesh {daemon.Version}, this program {version}: commands do without it", "\"sesh daemon restart\" starts this one")];
        try
        {
            var status = await daemon.StatusAsync(cancel).ConfigureAwait(false);
            var asked = await AskedFindings.OverAsync(daemon.Link, ["--programs"], cancel).ConfigureAwait(false);
            return
            [
                Finding.Ok("daemon", string.Create(CultureInfo.InvariantCulture, $"runs as process {status.Process}; {Links(status)}")),
                .. here.Where(h => h.Health == Health.Ok).SelectMany(h => asked.Where(a => a.Subject == h.Subject && a.Message != h.Message).Select(a => Differs(h, a))),
            ];
        }
        catch (SeshException e)
        {
            return [Finding.Fail("daemon", e.Message, e.Hint)];
        }
    }

    private static string Links(DaemonStatus status) => status.Peers.Count == 0 ? "no peers"
        : string.Create(CultureInfo.InvariantCulture, $"{status.Peers.Count(p => p.State is LinkState.Connected or LinkState.Parked)} of {status.Peers.Count} links are up");

    // What it starts for other machines it starts from its own PATH.
    private static Finding Differs(Finding here, Finding there) => Finding.Warn(
        "daemon", there.Health == Health.Ok ? $"takes another {here.Subject}: {there.Message}" : $"finds no {here.Subject}, which this shell finds at {here.Message}",
        $"\"sesh daemon restart\" in this shell, or set [agents].{here.Subject} in config.toml");
}
