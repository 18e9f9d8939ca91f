using System.Diagnostics;
using Sesh.Sync.Daemon;
using Sesh.Sync.Documents;
using Sesh.Sync.Wire;

namespace Sesh.Tests.Built;

/// <summary><c>sesh serve</c> of a world at the other end of two pipes, and a link to it.</summary>
internal sealed class ServeProcess : IConnection
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private ServeProcess(BuiltSesh world, params string[] words)
    {
        // An ssh exec has none: the home's own name counts.
        world.Environment.Remove("SESH_MACHINE", out var name);
        _process = world.Start(["serve", .. words]);
        world.Environment["SESH_MACHINE"] = name!;
        _error = _process.StandardError.ReadToEndAsync();
        Ended = _process.WaitForExitAsync().ContinueWith(_ => _process.ExitCode == 0 ? null : _error.Result, TaskScheduler.Default);
    }

    public Stream Input => _process.StandardOutput.BaseStream;

    public Stream Output => _process.StandardInput.BaseStream;

    public string Description => "a serve process";

    public Task<string?> Ended { get; }

    public int Id => _process.Id;

    /// <summary>What it says on standard error, once it has ended.</summary>
    public Task<string> Error => _error;

    public static ServeProcess Start(BuiltSesh world, params string[] words) => new(world, words);

    /// <summary>A link to it, as the daemon of a machine of that name makes one.</summary>
    public async Task<Link> OpenAsync(string asMachine = "beta", IRequestHandler? requests = null, Grant allow = Grant.Drive, bool stays = true) => await Link.OpenAsync(
        this,
        new LinkOptions
        {
            Machine = MachineName.Parse(asMachine),
            Version = "0.0.1",
            Sharing = NothingShared.Instance,
            Requests = requests,
            Allow = allow,
            Stays = stays,
            HelloWithin = TimeSpan.FromSeconds(30),
        },
        CancellationToken.None).ConfigureAwait(false);

    /// <summary>Ends at once.</summary>
    public void Kill() => Signal.Send(Id, Signal.Kill);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _process.StandardInput.BaseStream.DisposeAsync();
        }
        catch (IOException)
        {
            // It has gone.
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>What came of one request.</summary>
internal sealed record Answer(int Status, string Output, string Error)
{
    public static async Task<Answer> Of(Link link, Request request, CancellationToken cancel = default)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var status = await link.AskAsync(request, new RequestStreams(Stream.Null, output, error), cancel);
        return new Answer(status, Text(output), Text(error));
    }

    public static Task<Answer> Of(Link link, string verb, params IEnumerable<string> words) => Of(link, new Request { Verb = verb, Arguments = [.. words] });

    private static string Text(MemoryStream stream) => System.Text.Encoding.UTF8.GetString(stream.ToArray());
}
