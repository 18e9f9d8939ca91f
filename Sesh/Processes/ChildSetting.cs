namespace Sesh.Processes;

/// <summary>What a child gets that is not as usual: by default its input is empty, its folder and its group are ours.</summary>
internal sealed record ChildSetting
{
    public static ChildSetting Usual { get; } = new();

    /// <summary>An open file to read from; -1 for an empty one.</summary>
    public int Input { get; init; } = -1;

    /// <summary>Null for ours.</summary>
    public string? Folder { get; init; }

    /// <summary>A process group of its own, so that it and what it starts can be signalled together, and a Ctrl-C at our terminal is not theirs.</summary>
    public bool OwnGroup { get; init; }

    /// <summary>A session of its own: it outlives our terminal.</summary>
    public bool OwnSession { get; init; }

    /// <summary>Path of a terminal that becomes its three streams and controls it; null for none. It then has a session of its own.</summary>
    public string? Terminal { get; init; }

    /// <summary>A descriptor of ours that it gets as number <see cref="HandedOnAs"/>; -1 for none.</summary>
    public int HandedOn { get; init; } = -1;

    public static int HandedOnAs => 3;

    /// <summary>For the child: what it was handed is not for its own children. On macOS they get nothing that is not named.</summary>
    public static void KeepHandedOn()
    {
        const int SetFlags = 2;
        const int CloseOnExec = 1;
        if (!OperatingSystem.IsMacOS())
            _ = Libc.FileControl(HandedOnAs, SetFlags, CloseOnExec);
    }
}
