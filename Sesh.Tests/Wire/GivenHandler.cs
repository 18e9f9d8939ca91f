using Sesh.Sync.Wire;

namespace Sesh.Tests.Wire;

/// <summary>A handler that is what the test says.</summary>
internal sealed class GivenHandler(Func<Request, RequestOrigin, RequestStreams, CancellationToken, Task<int>> handle) : IRequestHandler
{
    public Task<int> HandleAsync(Request request, RequestOrigin origin, RequestStreams streams, CancellationToken cancel) => handle(request, origin, streams, cancel);
}
