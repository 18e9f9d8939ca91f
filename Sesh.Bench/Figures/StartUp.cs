using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>P1: a process that does next to nothing, beside git's and the least that C can be.</summary>
internal sealed class StartUp(Tools tools, Options options)
{
    public IEnumerable<Row> Rows()
    {
        var hello = CompileHello();
        var runs = options.Runs * 3; // it is quick, and everything else stands on it
        var times = SideBySide.Medians(
            runs,
            new Contender(tools.Call(tools.Sesh, "--version")),
            new Contender(tools.Call(tools.Git, "--version")),
            new Contender(tools.Call(hello)));
        yield return new Row("P1", "sesh --version", "git --version", times[1], times[0], "ms", Measure.Ratio, 3, 2);
        yield return new Row("P1", "sesh --version", "C hello", times[2], times[0], "ms", Measure.Ratio, null, null);
    }

    private string CompileHello()
    {
        var (source, program) = (Path.Combine(tools.Work, "hello.c"), Path.Combine(tools.Work, "hello"));
        File.WriteAllText(source, "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n");
        tools.Output(Tools.Find("cc"), "", "-O2", "-o", program, source);
        return program;
    }
}
