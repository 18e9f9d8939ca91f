namespace Sesh.Processes;

/// <summary>Which of our standard streams is a terminal.</summary>
internal static class Terminal
{
    public static bool IsInput => Libc.IsTerminal(0) == 1;

    public static bool IsOutput => Libc.IsTerminal(1) == 1;

    public static bool IsError => Libc.IsTerminal(2) == 1;
}
