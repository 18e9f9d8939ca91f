namespace Sesh.Processes;

/// <summary>Which of our standard streams is a terminal, and how wide it is.</summary>
internal static unsafe class Terminal
{
    private const int Usual = 80;

    public static bool IsInput => Libc.IsTerminal(0) == 1;

    public static bool IsOutput => Libc.IsTerminal(1) == 1;

    public static bool IsError => Libc.IsTerminal(2) == 1;

    /// <summary>Columns; 80 where the terminal does not tell.</summary>
    public static int Width(int descriptor)
    {
        // struct winsize: rows, columns, and two that nobody fills in.
        var size = stackalloc ushort[4];
        // Apple's arm64 passes variadic arguments on the stack: six words fill the registers before them. Untested there.
        var failed = OperatingSystem.IsMacOS()
            ? Libc.ControlApple(descriptor, 0x40087468, 0, 0, 0, 0, 0, 0, size)
            : Libc.Control(descriptor, 0x5413, size);
        return failed == 0 && size[1] > 0 ? size[1] : Usual;
    }
}
