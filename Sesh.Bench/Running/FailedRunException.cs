namespace Sesh.Bench.Running;

/// <summary>A figure could not be measured; the message says why.</summary>
internal sealed class FailedRunException(string message) : Exception(message);
