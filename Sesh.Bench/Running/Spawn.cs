using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Sesh.Bench.Running;

/// <summary>Runs a program by posix_spawn and times it from just before its birth until its end is known. .NET's own Process adds threads and pipes.</summary>
internal static unsafe partial class Spawn
{
    private const int WriteOnly = 1;
    private const int CreateTruncate = 0x240; // Linux: O_CREAT | O_TRUNC
    private const int ActionsSize = 256;      // more than any libc's posix_spawn_file_actions_t
    private const int Interrupted = 4;        // EINTR

    /// <returns>Milliseconds and the exit status; 128 + the signal where one ended it.</returns>
    public static (double Milliseconds, int Exit) Run(Command command)
    {
        using var memory = new NativeMemoryPool();
        var program = memory.Text(command.Program);
        var arguments = memory.Texts([command.Program, .. command.Arguments]);
        var environment = memory.Texts([.. command.Environment.Select(v => $"{v.Key}={v.Value}")]);
        var actions = memory.Bytes(ActionsSize);
        Check(FileActionsInit(actions));
        try
        {
            Check(AddOpen(actions, 0, memory.Text(command.Input), 0, 0));
            Check(AddOpen(actions, 1, memory.Text(command.Output), WriteOnly | CreateTruncate, 0x180));
            Check(AddOpen(actions, 2, memory.Text(command.Errors), WriteOnly | CreateTruncate, 0x180));
            var start = Stopwatch.GetTimestamp();
            Check(PosixSpawn(out var pid, program, actions, null, arguments, environment));
            int status;
            while (WaitPid(pid, out status, 0) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                    throw new InvalidOperationException($"waitpid: error {Marshal.GetLastPInvokeError()}");
            }

            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return (milliseconds, (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F));
        }
        finally
        {
            _ = FileActionsDestroy(actions);
        }
    }

    /// <exception cref="FailedRunException">It failed; with what it said.</exception>
    public static void Must(Command command) => command.Check(Run(command).Exit);

    private static void Check(int error)
    {
        if (error != 0)
            throw new InvalidOperationException($"posix_spawn: error {error}");
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(out int pid, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int AddOpen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);

    private sealed class NativeMemoryPool : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public byte* Bytes(int count)
        {
            var block = (nint)NativeMemory.AllocZeroed((nuint)count);
            _blocks.Add(block);
            return (byte*)block;
        }

        public byte* Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var block = Bytes(bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(block, bytes.Length));
            return block;
        }

        public byte** Texts(IReadOnlyList<string> texts)
        {
            var block = (byte**)Bytes((texts.Count + 1) * sizeof(byte*));
            for (var i = 0; i < texts.Count; i++)
                block[i] = Text(texts[i]);
            return block;
        }

        public void Dispose()
        {
            foreach (var block in _blocks)
                NativeMemory.Free((void*)block);
        }
    }
}
