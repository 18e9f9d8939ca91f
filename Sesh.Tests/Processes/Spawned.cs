using System.Diagnostics;

namespace Sesh.Tests.Processes;

/// <summary>A process of one test's own; ended, and waited for, with it.</summary>
internal sealed class Spawned : IDisposable
{
    private readonly Process _process;

    public Spawned(string program, IEnumerable<string> arguments, string folder, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public int Pid => _process.Id;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
