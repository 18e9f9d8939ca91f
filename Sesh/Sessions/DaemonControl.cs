using System.Globalization;
using Sesh.Processes;
using Sesh.Sync;
using Sesh.Sync.Daemon;

namespace Sesh.Sessions;

/// <summary>Starting and stopping the daemon of a home.</summary>
/// <param name="home">Absolute.</param>
/// <param name="socket">Where it is to listen.</param>
internal sealed class DaemonControl(string home, string socket, TimeProvider time)
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);
    /// <summary>How long the system may take to tear down one that was killed, or a new one until it listens.</summary>
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>Its process; null where none runs.</summary>
    public int? Process => DaemonLock.ProcessOf(home);

    /// <summary>Asks the one that runs; waits a moment for one that holds the lock and does not answer, since it may be ending or beginning.</summary>
    /// <param name="open">See <see cref="DaemonClient.OpenAsync"/>.</param>
    /// <returns>Null where none runs.</returns>
    /// <exception cref="SeshException"><c>daemon-deaf</c>, or what it says.</exception>
    public async Task<T?> AskAsync<T>(Func<Task<DaemonClient?>> open, Func<DaemonClient, Task<T>> ask, CancellationToken cancel) where T : class
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await open().ConfigureAwait(false) is { } daemon)
                {
                    await using var closing = daemon.ConfigureAwait(false);
                    return await ask(daemon).ConfigureAwait(false);
                }
            }
            catch (SeshException e) when (e.Code is "link-lost" or "not-sesh" && time.GetElapsedTime(began) <= SettlesWithin)
            {
                // It ends while it is asked.
            }

            if (!DaemonLock.IsHeld(home))
                return null;
            if (time.GetElapsedTime(began) > SettlesWithin)
            {
                var who = Process is { } pid ? string.Create(CultureInfo.InvariantCulture, $" as process {pid}") : "";
                throw new SeshException("daemon-deaf", $"a daemon runs{who}, but nobody listens on {socket}", "\"sesh daemon restart\" starts it anew");
            }

            await Task.Delay(LookAgain, time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Starts one in the background, by this program, and waits until it listens. It outlives this process, its terminal and tmux.</summary>
    /// <exception cref="SeshException">What it said instead.</exception>
    public int Start()
    {
        var program = Environment.ProcessPath ?? throw new SeshException("internal", "this program cannot tell where it lies");
        // Of the terminal and the session that this was typed in it must know nothing.
        var environment = ProcessEnvironment.Own().Where(v => !IsOfHere(v)).ToList();
        var (isReady, words) = Background.Start(program, ["daemon", "run", "--background", "--home", home, "--socket", socket], environment, StartsWithin);
        if (isReady && Process is { } pid)
            return pid;
        var log = $"see {Path.Join(home, "daemon.log")}";
        throw words.Length > 0
            ? new SeshException("daemon-failed", words.StartsWith("sesh: ", StringComparison.Ordinal) ? words["sesh: ".Length..] : words)
            : new SeshException("daemon-failed", "the daemon ended as soon as it was started, and said nothing", log);
    }

    /// <summary>Has the one that runs end in order, and waits for its end.</summary>
    /// <returns>False where none runs.</returns>
    /// <exception cref="SeshException"><c>daemon-stuck</c>.</exception>
    /// <exception cref="OperationCanceledException"/>
    public bool Stop(CancellationToken cancel)
    {
        if (!DaemonLock.IsHeld(home))
            return false;
        int? asked = null;
        var began = time.GetTimestamp();
        while (DaemonLock.IsHeld(home))
        {
            // One that starts at this moment says only later who it is.
            if (asked is null && Process is { } pid)
            {
                asked = pid;
                _ = Libc.Kill(pid, Libc.SigTerm);
            }

            if (time.GetElapsedTime(began) > StopsWithin)
            {
                throw new SeshException(
                    "daemon-stuck", string.Create(CultureInfo.InvariantCulture, $"the daemon, process {asked}, does not end"), string.Create(CultureInfo.InvariantCulture, $"kill -9 {asked} ends it; nothing is lost"));
            }

            Task.Delay(LookAgain, time, cancel).GetAwaiter().GetResult();
        }

        return true;
    }

    private static bool IsOfHere(string variable) =>
        variable.StartsWith("TMUX=", StringComparison.Ordinal) || variable.StartsWith("TMUX_PANE=", StringComparison.Ordinal)
        || variable.StartsWith("SESH_SESSION_ID=", StringComparison.Ordinal);
}
