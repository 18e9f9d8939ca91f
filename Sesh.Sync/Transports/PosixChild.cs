using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sesh.Sync.Transports;

/// <summary>The system's calls behind <see cref="SpawnedProgram"/>.</summary>
internal static unsafe partial class PosixChild
{
    private const int SigKill = 9;
    private const int SigPipe = 13;
    private const int Interrupted = 4;
    private const int OpaqueSize = 512; // the largest of siginfo_t, sigset_t, posix_spawnattr_t and posix_spawn_file_actions_t anywhere
    private const short SetDefaultSignals = 4;

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <param name="environment"><c>NAME=value</c> each.</param>
    public static (int Pid, NetworkStream[] Streams) Spawn(string path, IReadOnlyList<string> arguments, IReadOnlyCollection<string> environment)
    {
        var argv = Strings([path, .. arguments]);
        var envp = Strings(environment);
        var actions = stackalloc byte[OpaqueSize];
        var attributes = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[OpaqueSize];
        _ = ActionsInit(actions);
        _ = AttributesInit(attributes);
        Span<SocketPair> pairs = [default, default, default];
        try
        {
            for (var i = 0; i < pairs.Length; i++)
            {
                pairs[i] = SocketPair.Open();
                _ = ActionsDup2(actions, pairs[i].Theirs, i);
            }

            _ = SignalSetEmpty(signals);
            _ = SignalSetAdd(signals, SigPipe);
            _ = AttributesDefaultSignals(attributes, signals);
            // POSIX_SPAWN_SETSID; on macOS also POSIX_SPAWN_CLOEXEC_DEFAULT: only what the actions name stays open.
            _ = AttributesFlags(attributes, (short)(SetDefaultSignals | (OperatingSystem.IsMacOS() ? 0x0400 | 0x4000 : 0x80)));
            int pid;
            var failure = PosixSpawn(&pid, path, actions, attributes, argv, envp);
            if (failure != 0)
                throw new Win32Exception(failure);
            return (pid, [pairs[0].TakeOurs(), pairs[1].TakeOurs(), pairs[2].TakeOurs()]);
        }
        finally
        {
            foreach (var pair in pairs)
                pair.Close();
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
            Free(argv);
            Free(envp);
        }
    }

    /// <summary>Waits, and leaves its number taken.</summary>
    public static void AwaitEnd(int pid)
    {
        var nothing = stackalloc byte[OpaqueSize];
        while (WaitId(1, (uint)pid, nothing, WaitExited | WaitNoWait) != 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    /// <summary>Its exit status, after its end; 128 + the number where a signal ended it.</summary>
    public static int Reap(int pid)
    {
        int status;
        if (WaitPid(pid, &status, 0) != pid)
            return 255;
        return (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
    }

    public static void Kill(int pid) => _ = NativeKill(pid, SigKill);

    private static int WaitExited => 4;

    private static int WaitNoWait => OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    private static byte** Strings(IReadOnlyCollection<string> texts)
    {
        var pointers = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        var at = 0;
        foreach (var text in texts)
            pointers[at++] = (byte*)Marshal.StringToCoTaskMemUTF8(text);
        return pointers;
    }

    private static void Free(byte** pointers)
    {
        for (var at = pointers; *at is not null; at++)
            Marshal.FreeCoTaskMem((nint)(*at));
        NativeMemory.Free(pointers);
    }

    private struct SocketPair
    {
        public int Theirs { get; private set; }

        private int _ours;
        private bool _isOpen;

        public static SocketPair Open()
        {
            var ends = stackalloc int[2];
            // SOCK_CLOEXEC, which macOS lacks and does not need here.
            if (NativeSocketPair(1, OperatingSystem.IsMacOS() ? 1 : 1 | 0x8_0000, 0, ends) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            return new SocketPair { _ours = ends[0], Theirs = ends[1], _isOpen = true };
        }

        public NetworkStream TakeOurs()
        {
            var stream = new NetworkStream(new Socket(new SafeSocketHandle(_ours, ownsHandle: true)), ownsSocket: true);
            _ours = -1;
            return stream;
        }

        public readonly void Close()
        {
            if (!_isOpen)
                return;
            _ = NativeClose(Theirs);
            if (_ours >= 0)
                _ = NativeClose(_ours);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(int* pid, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsDup2(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesDefaultSignals(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalSetEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int SignalSetAdd(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, uint id, byte* info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int NativeSocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int NativeClose(int descriptor);
}
