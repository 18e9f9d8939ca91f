namespace Sesh.Bench.Running;

/// <summary>One of those measured side by side.</summary>
/// <param name="Before">Done before each run, untimed; null for nothing.</param>
internal sealed record Contender(Command Command, Action? Before = null);
