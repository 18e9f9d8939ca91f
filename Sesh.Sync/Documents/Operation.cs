namespace Sesh.Sync.Documents;

/// <summary>
/// What one command did, kept in its frame for <c>op log</c>, <c>history</c> and <c>undo</c>. Never message text, secrets or arguments
/// after <c>--</c>.
/// </summary>
/// <param name="Verb">The verb: <c>rename</c>, <c>tag</c>, …</param>
/// <param name="Options">Names of the options given, without values: <c>--keep-auto</c>.</param>
/// <param name="Wall">Milliseconds since 1970 UTC by the writer's own clock.</param>
/// <param name="Before">For each entry of the frame, in order, the value that its register showed before.</param>
/// <param name="Undoes">The operation this one reverses, if it is an undo.</param>
public sealed record Operation(
    string Verb,
    IReadOnlyList<string> Options,
    long Wall,
    IReadOnlyList<Value> Before,
    OperationId? Undoes = null)
{
    /// <summary>The verb of what no command asked for: looking at agents found them under other ids.</summary>
    public const string Drift = "drift";
}

/// <summary>Names an operation: its replica and the chain check of its frame. Printed as the check's 16 hexadecimal digits.</summary>
public readonly record struct OperationId(ReplicaId Replica, Check Check)
{
    public override string ToString() => Check.ToString();
}
