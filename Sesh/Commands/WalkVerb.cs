namespace Sesh.Commands;

/// <summary>For other machines: what a look now sees reaches them by the exchange, this tells them that it was made.</summary>
internal sealed class WalkVerb : Verb
{
    public override string Name => "walk";

    public override string Summary => "look at this machine's sessions now";

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override IReadOnlyList<string> JsonFields => ["machine", "lastWalk", "complete", "live"];

    public override bool Hidden => true;

    public override int Run(Context context)
    {
        var machine = context.MachineOrFail;
        var began = context.Now;
        var result = context.LookAround(write: true);
        var live = result.All.Count(o => o.Record is { Deleted: false, Private: false });
        if (!context.Out.Json)
            return 0;
        context.Out.WriteJson(json =>
        {
            json.StartObject();
            json.Property("machine"u8, machine.Text);
            json.TimeProperty("lastWalk"u8, began);
            json.Property("complete"u8, result.Complete);
            json.Name("live"u8);
            json.Value(live);
            json.EndObject();
        });
        return 0;
    }
}
