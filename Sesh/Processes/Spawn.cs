using System.ComponentModel;

namespace Sesh.Processes;

/// <summary><c>posix_spawn</c>: a child by its own argument list, never a shell between, with SIGPIPE as it was before .NET.</summary>
internal static unsafe class Spawn
{
    private const int OpaqueSize = 512; // the largest of sigset_t, posix_spawnattr_t and posix_spawn_file_actions_t anywhere
    private const short SetDefaultSignals = 4;
    private const short CloseOnExecByDefault = 0x4000; // macOS: only what the file actions name stays open

    /// <summary>Gives its pid. Throws <see cref="Win32Exception"/> where the program cannot be started.</summary>
    /// <param name="environment"><c>NAME=value</c> each.</param>
    /// <param name="input">What becomes standard input; null: nothing, <c>/dev/null</c>.</param>
    /// <param name="folder">Where it works; null: where we do.</param>
    public static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, int? input, int output, int error, string? folder = null)
    {
        using var argv = new NativeStrings([path, .. arguments]);
        using var envp = new NativeStrings(environment);
        var actions = stackalloc byte[OpaqueSize];
        var attributes = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[OpaqueSize];
        _ = Libc.SpawnActionsInit(actions);
        _ = Libc.SpawnAttributesInit(attributes);
        try
        {
            if (folder is not null)
                _ = Libc.SpawnActionsFolder(actions, folder);
            if (input is { } descriptor)
                _ = Libc.SpawnActionsDup2(actions, descriptor, 0);
            else
                _ = Libc.SpawnActionsOpen(actions, 0, "/dev/null", 0, 0);
            _ = Libc.SpawnActionsDup2(actions, output, 1);
            _ = Libc.SpawnActionsDup2(actions, error, 2);
            _ = Libc.SignalSetEmpty(signals);
            _ = Libc.SignalSetAdd(signals, Libc.SigPipe);
            _ = Libc.SpawnAttributesDefaultSignals(attributes, signals);
            _ = Libc.SpawnAttributesFlags(attributes, OperatingSystem.IsMacOS() ? (short)(SetDefaultSignals | CloseOnExecByDefault) : SetDefaultSignals);
            int pid;
            var failure = Libc.PosixSpawn(&pid, path, actions, attributes, argv.Pointers, envp.Pointers);
            return failure == 0 ? pid : throw new Win32Exception(failure);
        }
        finally
        {
            _ = Libc.SpawnActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
        }
    }
}
