using System.Runtime.InteropServices;

namespace Sesh.Bench.Running;

/// <summary>What runs on behind this process unless somebody ends it: ended also where the run is broken off.</summary>
internal static class Started
{
    private static readonly Lock Gate = new();
    private static readonly List<IDisposable> Running = [];
    private static readonly List<PosixSignalRegistration> Signals = [];

    public static void EndWithUs()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            Signals.Add(PosixSignalRegistration.Create(signal, _ =>
            {
                End();
                Environment.Exit(130);
            }));
        }
    }

    public static void Add(IDisposable started)
    {
        lock (Gate)
            Running.Add(started);
    }

    public static void Remove(IDisposable ended)
    {
        lock (Gate)
            Running.Remove(ended);
    }

    private static void End()
    {
        List<IDisposable> running;
        lock (Gate)
            running = [.. Running];
        running.Reverse();
        foreach (var one in running)
        {
            try
            {
                one.Dispose();
            }
            catch (Exception e)
            {
                // The others are to be ended all the same.
                Console.Error.WriteLine(e.Message);
            }
        }
    }
}
