namespace Sesh.Processes;

/// <summary>Which of our standard streams is a terminal, and how wide it is.</summary>
internal static unsafe class Terminal
{
    private const int Usual = 80;

    public static bool IsInput => Libc.IsTerminal(0) == 1;

    public static bool IsOutput => Libc.IsTerminal(1) == 1;

    public static bool IsError => Libc.IsTerminal(2) == 1;

    /// <summary>Columns; 80 where the terminal does not tell.</summary>
    public static int Width(int descriptor) => Size(descriptor) is ( > 0 and var columns, _) ? columns : Usual;

    /// <summary>Columns and rows; 0 for what the terminal does not tell.</summary>
    public static (int Columns, int Rows) Size(int descriptor)
    {
        // struct winsize: rows, columns, and two that nobody fills in.
        var size = stackalloc ushort[4];
        return Control(descriptor, OperatingSystem.IsMacOS() ? 0x40087468u : 0x5413, size) == 0 ? (size[1], size[0]) : (0, 0);
    }

    public static void Resize(int descriptor, int columns, int rows)
    {
        var size = stackalloc ushort[4] { (ushort)rows, (ushort)columns, 0, 0 };
        _ = Control(descriptor, OperatingSystem.IsMacOS() ? 0x80087467u : 0x5414, size);
    }

    // Apple's arm64 passes variadic arguments on the stack: six words fill the registers before them. Untested there.
    private static int Control(int descriptor, nuint request, void* argument) => OperatingSystem.IsMacOS()
        ? Libc.ControlApple(descriptor, request, 0, 0, 0, 0, 0, 0, argument)
        : Libc.Control(descriptor, request, argument);
}
