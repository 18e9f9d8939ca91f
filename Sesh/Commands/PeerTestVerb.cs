using System.CommandLine;
using System.Globalization;
using Sesh.Output;
using Sesh.Sessions.Mesh;
using Sesh.Sync;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

internal sealed class PeerTestVerb : Verb
{
    private readonly Argument<string> _name = new("peer") { Description = "its name" };

    public override string Name => "peer test";

    public override string Usage => "<peer>";

    public override string Summary => "connect to a machine step by step, and say how each went";

    public override string Description =>
        """
        One that only dials in is asked over its own link, while that is open. What it may here is told as it holds now: over its own link, where one is open, as "sesh peer authorize" said (else all that its login may), and over links that this machine dials as "sesh peer add --allow" said.
        """;

    public override IReadOnlyList<Example> Examples => [new("sesh peer test desk", "does it answer, how fast, which version?")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["peer", "steps", "machine", "version", "protocol", "granted", "skewMs", "roundTripMs", "mayHere", "mayHereBy"];

    public override int Run(Context context)
    {
        var peer = context.Peer(context.Get(_name)!);
        var steps = new List<Step>();
        Tested tested;
        try
        {
            tested = peer.Destination is null ? OverItsOwn(context, peer, steps) : Dialling(context, peer, steps);
        }
        catch (SeshException)
        {
            if (!context.Out.Json)
                Print(context.Out, steps);
            throw;
        }

        if (context.Out.Json)
        {
            context.Out.WriteJson(json => Write(json, peer, steps, tested));
            return 0;
        }

        Print(context.Out, steps);
        context.Out.Line($"ok: {peer.Name} lets this machine {tested.Granted.Word()}; it may {Words(peer, tested)}");
        if (Math.Abs(tested.SkewMs) > 5 * 60 * 1000)
            context.Out.Warning($"its clock is {Duration.Format(TimeSpan.FromMilliseconds(Math.Abs(tested.SkewMs)))} {(tested.SkewMs > 0 ? "ahead" : "behind")}", "set the clocks; sesh does not depend on them, people do");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Peer : Completes.Nothing;

    protected override void Define(Command command) => command.Add(_name);

    private static Tested Dialling(Context context, Peer peer, List<Step> steps)
    {
        var made = PeerConnecting.Make(context, peer, exchange: false, (name, took, what) => steps.Add(new Step(name, took, what)));
        var own = OwnAsync(context, peer.Name, measure: false, null).GetAwaiter().GetResult();
        return new Tested(made.Hello.Version, made.Hello.Protocol, made.Hello.Allow, made.Hello.SkewMs, made.RoundTrip, GrantInForce.Of(peer, own));
    }

    /// <summary>With a machine that can only dial this one: what its link tells that is open.</summary>
    private static Tested OverItsOwn(Context context, Peer peer, List<Step> steps)
    {
        var own = OwnAsync(context, peer.Name, measure: true, steps).GetAwaiter().GetResult() ?? throw new SeshException(
            "unreachable",
            $"{peer.Name} has no address here, so it dials in, and no link of its is open; {context.LastHeard(peer.Name)}",
            $"have it dial: \"sesh daemon start\" on {peer.Name}, with this machine among its peers; or give it an address: sesh peer add {peer.Name} [user@]host");
        if (own.RoundTrip is not { } trip)
            throw new SeshException("silent", $"{peer.Name}'s own link is open here, and nothing comes back over it", "it hangs, sleeps or is cut off; its link is given up after 45 s, and it dials again");
        steps.Add(new Step("round trip", trip, ""));
        return new Tested(own.Version, own.Protocol, own.Granted, own.SkewMs, trip, GrantInForce.Of(peer, own));
    }

    /// <param name="steps">Null where the answer stands without: then it is null also where the link's process hangs.</param>
    private static async Task<OwnLink?> OwnAsync(Context context, MachineName peer, bool measure, List<Step>? steps)
    {
        try
        {
            var began = context.Time.GetTimestamp();
            if (await context.OwnLinks(peer, context.Cancel).ConfigureAwait(false) is not { } serving)
                return null;
            await using var closing = serving.ConfigureAwait(false);
            steps?.Add(new Step("borrow", context.Time.GetElapsedTime(began), "its own link to this machine, from the process that serves it here"));
            var own = await serving.OwnLinkAsync(measure, context.Cancel).ConfigureAwait(false);
            steps?.Add(new Step("hello", null, $"{own.Machine}, sesh {own.Version}, protocol {own.Protocol}, as it said when the link was opened"));
            return own;
        }
        catch (SeshException) when (steps is null)
        {
            // It ends at this moment, or hangs: no link to speak of.
            return null;
        }
    }

    private static string Words(Peer peer, Tested tested) => tested.Here.By == "peers.json" ? $"{tested.Here.Grant.Word()} here over links that this one dials"
        : peer.Destination is null || tested.Here.Grant == peer.Allow ? $"{tested.Here.Grant.Word()} here over its own link, which is open, {tested.Here.Why}"
        : $"{tested.Here.Grant.Word()} here over its own link, which is open, {tested.Here.Why}; over links that this one dials {peer.Allow.Word()}";

    private static void Write(JsonWriter json, Peer peer, List<Step> steps, Tested tested)
    {
        json.StartObject();
        json.Property("peer"u8, peer.Name.Text);
        json.Name("steps"u8);
        json.StartArray();
        foreach (var (name, took, what) in steps)
        {
            json.StartObject();
            json.Property("step"u8, name);
            json.Name("ms"u8);
            if (took is { } time)
                json.Value((long)Math.Ceiling(time.TotalMilliseconds));
            else
                json.Null();
            json.Property("what"u8, what);
            json.EndObject();
        }

        json.EndArray();
        json.Property("machine"u8, peer.Name.Text);
        json.Property("version"u8, tested.Version);
        json.Property("protocol"u8, tested.Protocol);
        json.Property("granted"u8, tested.Granted.Word());
        json.Property("skewMs"u8, tested.SkewMs);
        json.Property("roundTripMs"u8, (long)Math.Ceiling(tested.RoundTrip.TotalMilliseconds));
        json.Property("mayHere"u8, tested.Here.Grant.Word());
        json.Property("mayHereBy"u8, tested.Here.By);
        json.EndObject();
    }

    private static void Print(Printer output, IReadOnlyList<Step> steps)
    {
        foreach (var (name, took, what) in steps)
            output.Line(new Cell("ok  ", Style.Green), new Cell(name.PadRight(11)), $"{took?.TotalMilliseconds.ToString("0.0 'ms'", CultureInfo.InvariantCulture),11}  {what}".TrimEnd());
    }

    /// <param name="Name">In one or two words.</param>
    /// <param name="Took">Null where it happened before.</param>
    private sealed record Step(string Name, TimeSpan? Took, string What);

    private sealed record Tested(string Version, int Protocol, Grant Granted, long SkewMs, TimeSpan RoundTrip, GrantInForce Here);
}
