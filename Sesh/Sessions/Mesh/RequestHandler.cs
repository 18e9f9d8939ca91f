using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>Judges a request by what the asker may have done here; an exception tells why not.</summary>
internal delegate PermittedRequest Permit(Request request, Grant allow, string asker, string here);

/// <param name="Words">The command line to run.</param>
/// <param name="IsRepeatable">It changes nothing, so it may be asked a second time where it is not known what became of the first.</param>
/// <param name="Terminal">On a terminal like this; null for three streams.</param>
internal sealed record PermittedRequest(IReadOnlyList<string> Words, bool IsRepeatable, RequestTerminal? Terminal = null);

/// <summary>What one process of this machine serves, for all of its links.</summary>
/// <param name="MayPassOn">Whether what that peer asks is passed on to a third machine.</param>
/// <param name="Log">A line for each request; never its words, which are the user's.</param>
internal sealed record RequestService(
    MachineName Machine, RequestRunner Runner, Routing Routing, Permit Permit, Func<string, bool> MayPassOn, Action<string> Log)
{
    /// <summary>For links to other machines.</summary>
    public IRequestHandler ForPeers => new RequestHandler(this, isLocal: false);

    /// <summary>For sockets of this machine, which only this user's processes open: they ask as this machine.</summary>
    public IRequestHandler ForHere => new RequestHandler(this, isLocal: true);
}

/// <summary>Serves what comes over links: runs it, or passes it on to the machine it is for.</summary>
internal sealed class RequestHandler(RequestService service, bool isLocal) : IRequestHandler
{
    public async Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel)
    {
        // Who it came from is what the link proved, not what anybody wrote into it.
        if (!isLocal)
            request = request with { Path = [.. request.Path, origin.Machine] };
        var way = string.Join(" → ", request.Path.Append(service.Machine.Text));
        try
        {
            return await HandleAsync(request, origin, way, streams, cancel).ConfigureAwait(false);
        }
        catch (SeshException e)
        {
            service.Log($"{way}: {request.Verb}{For(request)}: {e.Message}");
            throw;
        }
    }

    private Task<int> HandleAsync(Request request, RequestOrigin origin, string way, RequestStreams streams, CancellationToken cancel)
    {
        if (request.Path.Contains(service.Machine.Text))
            throw new SeshException("loop", $"a request that came through {service.Machine} before: {way}");
        if (request.Path.Length > Request.MaxHops)
            throw new SeshException("too-far", $"a request crosses {Request.MaxHops} links at most, this one came by {way}");
        var permitted = service.Permit(request, origin.Allow, origin.Machine, service.Machine.Text);
        if (request.Target is null || request.Target == service.Machine.Text)
        {
            if (!isLocal)
                service.Log($"{way}: {request.Verb}");
            if (permitted.Terminal is { } terminal)
                return service.Runner.RunOnTerminalAsync(permitted.Words, origin.Machine, terminal, streams, cancel);
            return service.Runner.RunAsync(permitted.Words, origin.Machine, request.Screen, streams, cancel);
        }

        var target = MachineName.TryParse(request.Target, out var machine) ? machine : throw new SeshException("machine-name", $"not a machine name: {request.Target}");
        if (!isLocal)
        {
            if (request.Path.Contains(target.Text))
                throw new SeshException("loop", $"a request back to where it came from: {way} → {target}");
            if (request.Path.Length >= Request.MaxHops)
                throw new SeshException("too-far", $"a request crosses {Request.MaxHops} links at most: {way} → {target}");
            if (!service.MayPassOn(origin.Machine))
            {
                throw new SeshException(
                    "no-relay", $"{service.Machine} passes nothing on for {origin.Machine}", $"allow it on {service.Machine}: \"relay\": true in the entry of {origin.Machine} in its peers.json");
            }

            service.Log($"{way} → {target}: {request.Verb}, passed on");
        }

        return service.Routing.AskAsync(target, request, streams, permitted.IsRepeatable, insist: false, cancel);
    }

    private static string For(Request request) => request.Target is { } target ? $" for {target}" : "";
}
