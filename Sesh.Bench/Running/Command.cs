namespace Sesh.Bench.Running;

/// <summary>A program to run; standard input, output and error are <c>/dev/null</c> unless files are named.</summary>
internal sealed record Command(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    public string Input { get; init; } = "/dev/null";

    public string Output { get; init; } = "/dev/null";

    /// <summary>Read where it fails; the next one writes over it.</summary>
    public string Errors { get; init; } = "/dev/null";

    public override string ToString() => $"{Path.GetFileName(Program)} {string.Join(' ', Arguments)}";

    /// <exception cref="FailedRunException">Says with what status and words it ended.</exception>
    public void Check(int exit)
    {
        if (exit != 0)
            throw new FailedRunException($"{this} ended with {exit}: {(Errors == "/dev/null" ? "" : File.ReadAllText(Errors).Trim().ReplaceLineEndings("; "))}");
    }
}
