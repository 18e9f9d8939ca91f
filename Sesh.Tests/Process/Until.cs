using System.Diagnostics;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Waits for a positive state, with a deadline.</summary>
internal static class Until
{
    public static void True(string what, Func<bool> state, double seconds = 20)
    {
        var clock = Stopwatch.StartNew();
        using var pause = new ManualResetEventSlim();
        while (!state())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"not within {seconds} s: {what}");
            pause.Wait(5);
        }
    }
}
