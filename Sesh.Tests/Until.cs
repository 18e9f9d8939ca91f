using System.Diagnostics;
using Xunit;

namespace Sesh.Tests;

/// <summary>Waiting for a positive state, with a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public static void True(Func<bool> state, string what) => Some(() => state() ? "" : null, what);

    public static T Some<T>(Func<T?> look, string what)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (look() is { } seen)
                return seen;
            Assert.True(clock.Elapsed < Deadline, $"waited in vain: {what}");
            using var pause = new ManualResetEventSlim();
            pause.Wait(10);
        }
    }
}
