using System.Buffers.Text;
using System.Text;

namespace Sesh.Processes;

/// <summary>One line of <c>/proc/PID/stat</c> (proc(5)): <c>pid (comm) state ppid …</c>, field 22 the start time. comm may hold anything, brackets too.</summary>
internal static class ProcStat
{
    private const int StartField = 22;

    public static ProcessRow? Parse(ReadOnlySpan<byte> line)
    {
        var open = line.IndexOf((byte)'(');
        var close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open || !Utf8Parser.TryParse(line, out int pid, out _))
            return null;
        var name = Encoding.UTF8.GetString(line[(open + 1)..close]);
        var rest = line[(close + 1)..];
        var parent = -1;
        // After the bracket comes a space and field 3.
        for (var field = 3; rest.Length > 1; field++)
        {
            rest = rest[1..];
            var end = rest.IndexOf((byte)' ');
            var value = end < 0 ? rest : rest[..end];
            if (field == 3 && value is [(byte)'Z' or (byte)'X', ..])
                return null; // dead, waiting for its parent: it holds nothing
            if (field == 4 && !Utf8Parser.TryParse(value, out parent, out _))
                return null;
            if (field == StartField)
                return Utf8Parser.TryParse(value, out long start, out _) ? new ProcessRow(pid, parent, start, name) : null;
            rest = end < 0 ? [] : rest[end..];
        }

        return null;
    }
}
