namespace Sesh.Bench.Running;

/// <summary>A program to run; standard input, output and error go to <c>/dev/null</c> unless a file is named for the output.</summary>
internal sealed record Command(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Output = "/dev/null")
{
    public override string ToString() => $"{Path.GetFileName(Program)} {string.Join(' ', Arguments)}";
}
