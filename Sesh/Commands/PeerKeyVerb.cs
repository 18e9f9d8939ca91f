using Sesh.Sync.Transports;

namespace Sesh.Commands;

/// <summary>For <c>peer install</c>: this home's key for links, made when it is first asked for.</summary>
internal sealed class PeerKeyVerb : Verb
{
    public override string Name => "peer key";

    public override string Summary => "print the public half of this machine's key for links";

    public override IReadOnlyList<Example> Examples => [new("sesh peer key", "for \"sesh peer authorize\" on another machine")];

    public override MachineMeaning Machine => MachineMeaning.Refused;

    public override bool Hidden => true;

    public override IReadOnlyList<string> JsonFields => ["path", "public", "fingerprint"];

    public override int Run(Context context)
    {
        var key = LinkKey.In(context.Home);
        if (context.Out.Json)
        {
            context.Out.WriteJson(json =>
            {
                json.StartObject();
                json.Property("path"u8, key.Path);
                json.Property("public"u8, key.Public.Line);
                json.Property("fingerprint"u8, key.Public.Fingerprint);
                json.EndObject();
            });
        }
        else
        {
            context.Out.Line(key.Public.Line);
        }

        return 0;
    }
}
