using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sesh.Bench.Running;

namespace Sesh.Bench.Figures;

/// <summary>A daemon of one home; stopped with this.</summary>
internal sealed class RunningDaemon : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly double Tick = 100; // USER_HZ, the same on every Linux that .NET runs on

    private readonly SshServer _ssh;
    private readonly Func<string[], Command> _call;
    private readonly string _output;

    public RunningDaemon(SshServer ssh, string home, string machine, Func<Command, Command>? with = null)
    {
        _ssh = ssh;
        _output = Path.Combine(home, "status.json");
        _call = words => (with ?? (c => c))(_ssh.Call(home, machine, words));
        Spawn.Must(_call(["daemon", "start"]));
        Started.Add(this);
        using var status = Status();
        Process = status.RootElement.GetProperty("process").GetInt32();
    }

    public int Process { get; }

    public void WaitUntilConnected(int peers)
    {
        for (var begun = Stopwatch.GetTimestamp(); ; Thread.Sleep(50))
        {
            using var status = Status();
            var links = status.RootElement.GetProperty("peers").EnumerateArray().Select(p => p.GetRawText()).ToList();
            if (links.Count(l => l.Contains("\"connected\"", StringComparison.Ordinal)) == peers)
                return;
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                throw new FailedRunException($"links not made within {Patience.TotalSeconds} s: {string.Join(' ', links)}");
        }
    }

    /// <summary>What it has used of a processor so far.</summary>
    public TimeSpan Used()
    {
        var stat = File.ReadAllText($"/proc/{Process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / Tick);
    }

    /// <summary>What it holds of memory now, in megabytes.</summary>
    public double Megabytes() => Field("status", "VmRSS:") / 1024.0;

    /// <summary>Calls to read something, so far; 0 where the kernel does not tell.</summary>
    public long Reads() => File.Exists($"/proc/{Process}/io") ? Field("io", "syscr:") : 0;

    public void Dispose()
    {
        Started.Remove(this);
        Spawn.Must(_call(["daemon", "stop"]));
    }

    private long Field(string file, string name) =>
        long.Parse(File.ReadLines($"/proc/{Process}/{file}").First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private JsonDocument Status()
    {
        Spawn.Must(_call(["daemon", "status", "--json"]) with { Output = _output });
        return JsonDocument.Parse(File.ReadAllText(_output));
    }
}
