namespace Sesh.Output;

/// <summary>Whoever read our output has gone: the command ends without a word, as one that SIGPIPE ended.</summary>
internal sealed class BrokenPipeException() : IOException("the reader of standard output has gone")
{
    /// <summary>128 + SIGPIPE, which is what a shell reports of git and its like.</summary>
    public const int ExitCode = 141;
}
