using System.Text;
using System.Text.Json;
using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Sessions.Mesh;

/// <summary>What is to be set up on a machine that so far has but sshd.</summary>
internal sealed record InstallPlan
{
    /// <summary>Its entry here, reached by a login that may run commands.</summary>
    public required Peer Peer { get; init; }

    /// <summary>This machine.</summary>
    public required MachineName Own { get; init; }

    public required string Home { get; init; }

    /// <summary>This program's file.</summary>
    public required string Program { get; init; }

    /// <summary>As <c>--version</c> prints it.</summary>
    public required string Version { get; init; }

    /// <summary>What this machine may do there by a key made for the link, and ask over links that that one dials.</summary>
    public required Grant Grant { get; init; }

    /// <summary>Our address, as that machine dials it; null where it does not dial.</summary>
    public string? Back { get; init; }

    /// <summary>Fingerprints of this machine's host keys: one of them must show itself there.</summary>
    public IReadOnlyList<string> OwnHostKeys { get; init; } = [];

    /// <summary>Lets a key of that machine log in here.</summary>
    public required Func<HostKey, Authorized> Authorize { get; init; }

    /// <summary>Its login here was by somebody's answer to a question: the link needs a key of its own.</summary>
    public required bool NeedsKey { get; init; }
}

/// <summary>Sets a machine up, step by step; each step looks first and changes nothing that is as it should be.</summary>
/// <param name="did">Told of each thing that was changed.</param>
internal sealed class Installing(InstallPlan plan, TransportOptions options, Action<string> did, CancellationToken cancel)
{
    private readonly RemoteMachine _there = new(plan.Peer, options, cancel);

    /// <returns>The entry that the peer is to have here.</returns>
    public Peer Run()
    {
        if (new ProgramCopy(_there, plan.Program, plan.Version).Bring() is { } copied)
            did(copied);
        Name();
        var peer = plan.NeedsKey ? WithKey() : plan.Peer;
        AddUs();
        return peer;
    }

    private void Name()
    {
        var run = _there.TrySesh($"init --machine {plan.Peer.Name} --json");
        if (run.Status != 0)
        {
            throw new SeshException(
                "remote-failed", $"{plan.Peer.Name} cannot be given its name: {Failure(run).Message}", "peers go by the names that machines have: use that one");
        }

        if (Json(run).GetProperty("changed").GetBoolean())
            did($"named it {plan.Peer.Name}");
    }

    private Peer WithKey()
    {
        var key = LinkKey.In(plan.Home);
        using var half = Input(key);
        var run = Json(_there.Sesh($"peer authorize - --allow {plan.Grant.Word()} --name {plan.Own} --json", half));
        if (run.GetProperty("changed").GetBoolean())
            did($"authorized {key.Path} there: this machine may {plan.Grant.Word()} by it");
        return plan.Peer with { Identity = key.Path };
    }

    // Without our address it only has to know our name; with it, it gets a key of its own, which logs in here and runs sesh alone.
    private void AddUs()
    {
        var known = Json(_there.Sesh("peer list --json")).EnumerateArray().Any(p => p.GetProperty("name").GetString() == plan.Own.Text && (plan.Back is null || p.GetProperty("destination").GetString() == plan.Back));
        if (plan.Back is not { } back)
        {
            if (known)
                return;
            _there.Sesh($"peer add {plan.Own} --allow {plan.Grant.Word()}");
            did($"added {plan.Own} there, as a machine that dials in");
            return;
        }

        var key = Json(_there.Sesh("peer key --json"));
        if (!HostKey.TryParseLine(key.GetProperty("public").GetString() ?? "", out var theirs))
            throw new SeshException("remote-failed", $"{plan.Peer.Name} shows no key for its link");
        if (plan.Authorize(theirs).Changed)
            did($"authorized its key {theirs.Fingerprint} here");
        if (known)
            return;
        var add = $"peer add {plan.Own} \"{back}\" --identity \"{Checked(key.GetProperty("path").GetString())}\" --allow {plan.Grant.Word()} --json";
        var run = _there.TrySesh(add);
        if (run.Status != 0 && Failure(run) is { Code: "host-key-unknown" } failure)
            run = _there.TrySesh($"{add} --host-key {Shown(failure)}");
        if (run.Status != 0)
        {
            var why = Failure(run);
            throw new SeshException(why.Code, $"{plan.Peer.Name} does not reach this machine at {back}: {why.Message}", "give another address with --back, or none: then this machine dials");
        }

        did($"added {plan.Own} there, at {back}");
    }

    // Of the machine that it reaches under our address: ours, if it is us.
    private string Shown(RemoteFailure failure) => plan.OwnHostKeys.FirstOrDefault(k => failure.Message.Contains(k, StringComparison.Ordinal)) ?? throw new SeshException(
        "host-key-mismatch", $"under {plan.Back}, {plan.Peer.Name} reaches a machine whose host key is none of this one's: {failure.Message}",
        "if it is this machine, and its keys are not in /etc/ssh, give the fingerprint with --back-host-key");

    private static string Checked(string? path) => path is not null && RemoteCommand.IsSafePath(path) ? path
        : throw new SeshException("remote-path", $"its home has a path that a shell may misread: {path}", "set SESH_HOME there to a plainer path");

    private static MemoryStream Input(LinkKey key) => new(Encoding.ASCII.GetBytes(key.Public.Line + "\n"));

    private JsonElement Json(RemoteRun run) => Json(run.Output);

    private JsonElement Json(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException e)
        {
            throw new SeshException("remote-failed", $"sesh on {plan.Peer.Name} answers with something that is not JSON", "is it another version? look there: sesh --version", inner: e);
        }
    }

    private static RemoteFailure Failure(RemoteRun run)
    {
        try
        {
            var error = JsonDocument.Parse(run.Output).RootElement.GetProperty("error");
            return new RemoteFailure(error.GetProperty("code").GetString() ?? "", error.GetProperty("message").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            var line = run.Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"status {run.Status}";
            return new RemoteFailure("remote-failed", line);
        }
    }

    private sealed record RemoteFailure(string Code, string Message);
}
