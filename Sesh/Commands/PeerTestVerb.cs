using System.CommandLine;
using System.Globalization;
using Sesh.Output;
using Sesh.Sync;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

internal sealed class PeerTestVerb : Verb
{
    private readonly Argument<string> _name = new("peer") { Description = "its name" };

    public override string Name => "peer test";

    public override string Usage => "<peer>";

    public override string Summary => "connect to a machine step by step, and say how each went";

    public override IReadOnlyList<Example> Examples => [new("sesh peer test desk", "does it answer, how fast, which version?")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["peer", "steps", "machine", "version", "protocol", "granted", "skewMs", "roundTripMs"];

    public override int Run(Context context)
    {
        var peer = context.Peer(context.Get(_name)!);
        var steps = new List<(string Name, TimeSpan Took, string What)>();
        Sessions.Mesh.Acquaintance made;
        try
        {
            made = PeerConnecting.Make(context, peer, exchange: false, (name, took, what) => steps.Add((name, took, what)));
        }
        catch (SeshException)
        {
            if (!context.Out.Json)
                Print(context.Out, steps);
            throw;
        }

        var skew = made.Hello.SkewMs;
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                json.Property("peer"u8, peer.Name.Text);
                json.Name("steps"u8);
                json.StartArray();
                foreach (var (name, took, what) in steps)
                {
                    json.StartObject();
                    json.Property("step"u8, name);
                    json.Property("ms"u8, (long)Math.Ceiling(took.TotalMilliseconds));
                    json.Property("what"u8, what);
                    json.EndObject();
                }

                json.EndArray();
                json.Property("machine"u8, made.Hello.Machine.Text);
                json.Property("version"u8, made.Hello.Version);
                json.Property("protocol"u8, made.Hello.Protocol);
                json.Property("granted"u8, made.Hello.Allow.Word());
                json.Property("skewMs"u8, skew);
                json.Property("roundTripMs"u8, (long)Math.Ceiling(made.RoundTrip.TotalMilliseconds));
                json.EndObject();
            });
            return 0;
        }

        Print(context.Out, steps);
        context.Out.Line($"ok: {peer.Name} lets this machine {made.Hello.Allow.Word()}; it may {peer.Allow.Word()} here over links that this one dials");
        if (Math.Abs(skew) > 5 * 60 * 1000)
            context.Out.Warning($"its clock is {Duration.Format(TimeSpan.FromMilliseconds(Math.Abs(skew)))} {(skew > 0 ? "ahead" : "behind")}", "set the clocks; sesh does not depend on them, people do");
        return 0;
    }

    public override Completes Complete(int position) => position == 0 ? Completes.Peer : Completes.Nothing;

    protected override void Define(Command command) => command.Add(_name);

    private static void Print(Printer output, IReadOnlyList<(string Name, TimeSpan Took, string What)> steps)
    {
        foreach (var (name, took, what) in steps)
            output.Line(new Cell("ok  ", Style.Green), new Cell(name.PadRight(11)), string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds,8:0.0} ms  {what}").TrimEnd());
    }
}
