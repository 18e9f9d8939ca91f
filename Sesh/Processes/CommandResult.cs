using System.Text;

namespace Sesh.Processes;

/// <summary>What a child process left.</summary>
/// <param name="ExitCode">128 + the signal's number where a signal ended it.</param>
/// <param name="TimedOut">It was killed at the deadline; what it had said until then is there.</param>
internal sealed record CommandResult(int ExitCode, byte[] Output, byte[] Error, bool TimedOut)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;

    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The first line of standard error, else of standard output.</summary>
    public string Complaint
    {
        get
        {
            var text = Encoding.UTF8.GetString(Error).Trim();
            if (text.Length == 0)
                text = Text.Trim();
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            return end < 0 ? text : text[..end];
        }
    }
}
