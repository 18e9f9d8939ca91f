using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sesh.Processes;

/// <summary>Starting a process by <c>posix_spawn</c>: its own argument list, never a shell between, and no signal ignored because .NET ignores it.</summary>
internal static unsafe class Spawn
{
    private const int OpaqueSize = 512; // the largest of sigset_t, posix_spawnattr_t and posix_spawn_file_actions_t anywhere
    private const short SetGroup = 2;
    private const short SetDefaultSignals = 4;
    private const short CloseOnExecByDefault = 0x4000; // macOS: only what the file actions name stays open
    private const int ReadWrite = 2;

    private static short SetSession => OperatingSystem.IsMacOS() ? (short)0x400 : (short)0x80;

    /// <summary>Throws <see cref="Win32Exception"/> where the program cannot be started.</summary>
    /// <param name="output">Becomes its standard output; -1 for nowhere. So does <paramref name="error"/> its standard error.</param>
    /// <returns>Its pid; to be waited for.</returns>
    public static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment, ChildSetting setting, int output, int error)
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
            if (setting.Terminal is { } terminal)
            {
                // The first terminal that the leader of a new session opens controls it; the session is made before the files are opened.
                _ = Libc.SpawnActionsOpen(actions, 0, terminal, ReadWrite, 0);
                _ = Libc.SpawnActionsDup2(actions, 0, 1);
                _ = Libc.SpawnActionsDup2(actions, 0, 2);
            }
            else
            {
                Give(actions, setting.Input, 0, 0);
                Give(actions, output, 1, ReadWrite);
                Give(actions, error, 2, ReadWrite);
            }

            if (setting.HandedOn >= 0)
                _ = Libc.SpawnActionsDup2(actions, setting.HandedOn, ChildSetting.HandedOnAs);
            if (setting.Folder is { } folder)
                _ = Libc.SpawnActionsFolder(actions, folder);
            _ = Libc.SignalSetEmpty(signals);
            _ = Libc.SignalSetAdd(signals, Libc.SigPipe);
            var flags = SetDefaultSignals;
            var ownSession = setting.OwnSession || setting.Terminal is not null;
            if (setting.OwnGroup || ownSession)
            {
                foreach (var signal in (ReadOnlySpan<int>)[Libc.SigHangUp, Libc.SigInterrupt, Libc.SigQuit, Libc.SigTerm])
                    _ = Libc.SignalSetAdd(signals, signal);
                flags |= ownSession ? SetSession : SetGroup;
            }

            _ = Libc.SpawnAttributesDefaultSignals(attributes, signals);
            _ = Libc.SpawnAttributesFlags(attributes, OperatingSystem.IsMacOS() ? (short)(flags | CloseOnExecByDefault) : flags);
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

    /// <summary>Both ends are closed in whatever is started meanwhile.</summary>
    public static (int Read, int Write) OpenPipe()
    {
        var ends = stackalloc int[2];
        var failed = OperatingSystem.IsMacOS() ? Libc.Pipe(ends) : Libc.Pipe2(ends, Libc.CloseOnExec);
        return failed == 0 ? (ends[0], ends[1]) : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static void Give(byte* actions, int descriptor, int number, int mode) => _ = descriptor < 0
        ? Libc.SpawnActionsOpen(actions, number, "/dev/null", mode, 0)
        : Libc.SpawnActionsDup2(actions, descriptor, number);
}
