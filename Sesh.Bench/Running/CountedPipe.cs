using System.Diagnostics;
using System.Globalization;

namespace Sesh.Bench.Running;

/// <summary>This program as the <c>ssh</c> of git and rsync: runs the real one and counts what they say to the other side and hear from it.</summary>
internal static class CountedPipe
{
    /// <summary>Words for a shell: the bytes both ways are then in that file.</summary>
    public static string Words(string file, string command) => $"{Environment.ProcessPath} --count {file} {command}";

    public static int Run(string file, IReadOnlyList<string> command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var standardOutput = Console.OpenStandardOutput();
        var received = CopyAsync(process.StandardOutput.BaseStream, standardOutput, process.StandardInput.BaseStream);
        var sent = CopyAsync(Console.OpenStandardInput(), process.StandardInput.BaseStream, process.StandardInput.BaseStream);
        var bytes = received.Result;
        process.WaitForExit();
        // Whoever asked may keep his end open until this program ends.
        var said = sent.Wait(TimeSpan.FromMilliseconds(100)) ? sent.Result : _sent;
        File.WriteAllText(file, (bytes + said).ToString(CultureInfo.InvariantCulture));
        return process.ExitCode;
    }

    private static long _sent;

    private static async Task<long> CopyAsync(Stream from, Stream to, Stream sending)
    {
        var buffer = new byte[64 << 10];
        var total = 0L;
        for (int read; (read = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0; total += read)
        {
            if (to == sending)
                Interlocked.Add(ref _sent, read);
            await to.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            await to.FlushAsync().ConfigureAwait(false);
        }

        if (to == sending)
            to.Close();
        return total;
    }
}
