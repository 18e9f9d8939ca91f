using System.Globalization;
using Sesh.Processes;

namespace Sesh.Agents.Reports;

/// <summary>
/// <c>reports/</c> in the home: one small file for each claude process and each codex thread that reported, replaced at each report. Of this machine alone: never sent anywhere. Whoever writes
/// makes <c>NAME.new</c> and renames it, which is also the lock between hooks that are run at once.
/// </summary>
internal sealed class ReportFolder(string home)
{
    /// <summary>Nobody needs longer to write a line; who does was killed meanwhile.</summary>
    private const int PatienceMs = 50;

    /// <summary>So many are there only where nobody has looked for long, and nobody has cleaned up.</summary>
    private const int Many = 256;

    private const int Longest = 16 << 10;
    private const long KeptMs = 24 * 60 * 60 * 1000L;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.Join(home, "reports");

    public Report? OfProcess(string agent, int pid) => Read(Of(agent, pid));

    public Report? OfThread(string agent, string id) => Report.IsId(id) ? Read(Of(agent, id)) : null;

    /// <summary>Tells of one process: <paramref name="next"/> makes of what was held what is to be held.</summary>
    public void Tell(string agent, int pid, Func<Report?, Report?> next) => Tell(Of(agent, pid), next);

    public void Tell(string agent, string thread, Func<Report?, Report?> next) => Tell(Of(agent, thread), next);

    /// <summary>Takes away what is of processes that are gone, and of threads that have been quiet for a day.</summary>
    public void CleanUp(IProcesses processes, long now)
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (Read(path) is not { } report ? File.GetLastWriteTimeUtc(path) < DateTime.UtcNow.AddMinutes(-1) : IsGone(report, path, processes, now))
                File.Delete(path);
        }
    }

    private static bool IsGone(Report report, string path, IProcesses processes, long now) =>
        path == Path.Join(Path.GetDirectoryName(path), string.Create(CultureInfo.InvariantCulture, $"{report.Agent}-{report.Pid}"))
            ? processes.Find(report.Pid) is not { } process || process.Start != report.Start
            : now - report.At is < -KeptMs or > KeptMs;

    private string Of(string agent, int pid) => Of(agent, pid.ToString(CultureInfo.InvariantCulture));

    private string Of(string agent, string what) => Path.Join(_folder, $"{agent}-{what}");

    private static Report? Read(string path) => SmallFile.Read(path, Longest) is { Length: > 0 } bytes ? Report.Read(bytes) : null;

    private void Tell(string path, Func<Report?, Report?> next)
    {
        if (!Directory.Exists(_folder))
        {
            if (!Directory.Exists(home))
                return;
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        var draft = path + ".new";
        using (var file = Draft(draft))
        {
            var held = Read(path);
            var report = next(held);
            if (report is not null && !ReferenceEquals(report, held))
            {
                file.Write(report.ToBytes());
                if (held is null)
                    MakeRoom(path);
                File.Move(draft, path, overwrite: true);
                return;
            }

            if (report is null)
                File.Delete(path);
        }

        File.Delete(draft);
    }

    /// <summary>Made by us alone. A draft that stays for longer was left by one who died.</summary>
    private static FileStream Draft(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 };
        var until = Environment.TickCount64 + PatienceMs;
        while (File.Exists(path) && Environment.TickCount64 < until)
            Readable.Pause(1);
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            options.Mode = FileMode.Create;
            return new FileStream(path, options);
        }
    }

    /// <summary>The oldest go, so that the folder stays small where no look ever cleans it.</summary>
    private void MakeRoom(string but)
    {
        var files = new DirectoryInfo(_folder).GetFiles();
        if (files.Length < Many)
            return;
        foreach (var old in files.Where(f => f.FullName != but && !f.Name.EndsWith(".new", StringComparison.Ordinal)).OrderBy(f => f.LastWriteTimeUtc).Take(Many / 2))
            old.Delete();
    }
}
