using System.Diagnostics;
using System.Text;
using Sesh.Processes;
using Sesh.Sync;

namespace Sesh.Commands;

/// <summary><c>--jq</c>: the JSON goes through the user's own jq; texts come out bare, as with <c>gh --jq</c>.</summary>
internal static class Jq
{
    public static byte[] Run(string expression, ReadOnlyMemory<byte> json, string? searchPath)
    {
        var program = Programs.Find("jq", searchPath)
            ?? throw new SeshException("jq-missing", "--jq needs jq, which is not on PATH", "install jq, or pipe --json to another program");
        // A blank in front keeps an expression such as "-1" from being an option; jq 1.6 takes no program behind "--".
        var start = new ProcessStartInfo(program, ["-r", " " + expression])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var jq = Process.Start(start)!;
        // Both are read while the input is written: jq answers before it has read all of it.
        using var output = new MemoryStream();
        using var complaint = new MemoryStream();
        var reading = Task.WhenAll(jq.StandardOutput.BaseStream.CopyToAsync(output), jq.StandardError.BaseStream.CopyToAsync(complaint));
        try
        {
            jq.StandardInput.BaseStream.Write(json.Span);
            jq.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended early: the expression is wrong, or it has seen enough.
        }

        reading.GetAwaiter().GetResult();
        jq.WaitForExit();
        if (jq.ExitCode == 0)
            return output.ToArray();
        var text = Encoding.UTF8.GetString(complaint.ToArray()).Trim();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        throw new SeshException("jq", end < 0 ? text : text[..end]);
    }
}
