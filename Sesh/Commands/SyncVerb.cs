using System.CommandLine;
using Sesh.Config;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;

namespace Sesh.Commands;

internal sealed class SyncVerb : Verb
{
    private const int Partial = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly Argument<string[]> _peers = Ask.Words("peer", "names of peers; left out: all that have an address or are connected", optional: true);

    private readonly Option<bool> _wait = Ask.Flag("--wait", "where a peer cannot be reached, try again until it can be");

    public override string Name => "sync";

    public override string Usage => "[<peer>…] [--wait]";

    public override string Summary => "exchange with peers now, so that both sides hold the same";

    public override string Description =>
        """
        With each peer at once: one that is slow or away delays no other. Needs no daemon on either side; where one runs here, it does it over the links that it keeps.

        Prints for each peer what was sent and received, the bytes and the milliseconds it took. What keeps a peer from being reached is told on standard error, and the exit status is 5.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("sesh sync", "with all peers"), new("sesh sync desk laptop", "with these two"), new("sesh sync desk --wait", "as soon as desk is up")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => SyncView.Fields;

    public override Completes Complete(int position) => Completes.Peer;

    protected override void Define(Command command)
    {
        command.Add(_peers);
        command.Add(_wait);
    }

    public override int Run(Context context)
    {
        _ = context.MachineOrFail;
        var peers = Chosen(context);
        var outcomes = LookAndExchange(context, peers);
        if (context.Get(_wait))
            outcomes = UntilReached(context, peers, outcomes);
        SyncView.Write(context.Out, outcomes);
        return outcomes.Any(o => o.Failure is not null) ? Partial : 0;
    }

    private List<Peer> Chosen(Context context)
    {
        var all = context.Peers;
        if (context.Get(_peers) is not { Length: > 0 } words)
        {
            var reachable = all.Where(p => p.Destination is not null || LinkOffer.IsOfferedAsync(context.Home, p.Name, context.Cancel).GetAwaiter().GetResult()).ToList();
            return reachable.Count > 0 ? reachable
                : throw new SeshException("no-peers", all.Count == 0 ? "this machine has no peers yet" : "no peer has an address, and none is connected: they can only connect to this machine", "add one: sesh peer add NAME user@host");
        }

        return [.. words.Distinct(StringComparer.Ordinal).Select(w => Find(all, w))];
    }

    private static Peer Find(IReadOnlyList<Peer> peers, string word)
    {
        Sessions.Selection.CheckNotEmpty(word);
        if (peers.FirstOrDefault(p => p.Name.Text == word) is { } peer)
            return peer;
        var near = Nearest.To(word, peers.Select(p => p.Name.Text));
        throw new SeshException("unknown-peer", $"no peer is called {word}", near is null ? "\"sesh peer list\" shows the peers" : $"did you mean {near}?");
    }

    // What others are told of this machine is to be true: it looks while it connects.
    private static IReadOnlyList<SyncOutcome> LookAndExchange(Context context, List<Peer> peers)
    {
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exchanging = ExchangeAsync(context, context.Dialler, peers, looked.Task);
        try
        {
            context.LookAroundUnlessFresh();
            looked.SetResult();
        }
        finally
        {
            // Where the look failed nobody is told anything, and that failure is the one to show.
            if (looked.TrySetCanceled())
                Task.WhenAny(exchanging).GetAwaiter().GetResult();
        }

        return exchanging.GetAwaiter().GetResult();
    }

    /// <param name="dialler">Of the context, whose other things are not for several threads at once.</param>
    /// <param name="ready">Nothing is told of this home before.</param>
    private static async Task<IReadOnlyList<SyncOutcome>> ExchangeAsync(Context context, Dialler dialler, IReadOnlyList<Peer> peers, Task ready)
    {
        var diallingIn = peers.Where(p => p.Destination is null).Select(p => OverItsOwnAsync(context, p.Name, ready)).ToList();
        var rest = peers.Where(p => p.Destination is not null).ToList();
        var outcomes = rest.Count == 0 ? []
            : await ByDaemonAsync(context, [.. rest.Select(p => p.Name)], ready).ConfigureAwait(false) ?? await dialler.SyncAllAsync(rest, ready, context.Cancel).ConfigureAwait(false);
        return [.. outcomes, .. await Task.WhenAll(diallingIn).ConfigureAwait(false)];
    }

    /// <summary>With a machine that can only connect to this one: by whoever serves its link here.</summary>
    private static async Task<SyncOutcome> OverItsOwnAsync(Context context, MachineName peer, Task ready)
    {
        var began = context.Time.GetTimestamp();
        try
        {
            var serving = await LinkOffer.OpenAsync(context.Home, peer, context.MachineOrFail, Product.Number, context.Cancel).ConfigureAwait(false)
                ?? throw new SeshException("unreachable", $"{peer} has no address and is not connected now", $"give it one: sesh peer add {peer} user@host");
            await using var closing = serving.ConfigureAwait(false);
            await ready.ConfigureAwait(false);
            return (await serving.SyncAsync([], context.Cancel).ConfigureAwait(false))[0] with { Peer = peer };
        }
        catch (SeshException e)
        {
            return SyncOutcome.Failed(peer, e, context.Time.GetElapsedTime(began));
        }
    }

    /// <summary>Null where no daemon of this version does it.</summary>
    private static async Task<IReadOnlyList<SyncOutcome>?> ByDaemonAsync(Context context, IReadOnlyList<MachineName> peers, Task ready)
    {
        try
        {
            var daemon = await context.OpenDaemonAsync().ConfigureAwait(false);
            if (daemon is null)
                return null;
            await using var closing = daemon.ConfigureAwait(false);
            await ready.ConfigureAwait(false);
            return daemon.Version == Product.Number ? await daemon.SyncAsync(peers, context.Cancel).ConfigureAwait(false) : null;
        }
        catch (SeshException e)
        {
            // It hangs, it stops at this moment, or it does not know a peer that was added a moment ago: what it does can be done without it.
            context.TellWithoutDaemon(e);
            return null;
        }
    }

    private static List<SyncOutcome> UntilReached(Context context, List<Peer> peers, IReadOnlyList<SyncOutcome> first)
    {
        var outcomes = first.ToList();
        var wait = FirstWait;
        while (true)
        {
            var away = outcomes.Where(o => o.Failure is { Code: "unreachable" or "link-lost" or "silent" }).Select(o => o.Peer).ToList();
            if (away.Count == 0)
                return outcomes;
            if (wait == FirstWait)
                context.Out.Note($"waiting for {string.Join(", ", away)}");
            Task.Delay(wait, context.Time, context.Cancel).GetAwaiter().GetResult();
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            foreach (var outcome in ExchangeAsync(context, context.Dialler, [.. peers.Where(p => away.Contains(p.Name))], Task.CompletedTask).GetAwaiter().GetResult())
                outcomes[outcomes.FindIndex(o => o.Peer == outcome.Peer)] = outcome;
        }
    }
}
