namespace Sesh.Tests;

/// <summary>How many times random tests run: few in the everyday run, many with <c>SESH_TEST_SCALE=full</c>.</summary>
internal static class Scale
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("SESH_TEST_SCALE") == "full";

    public static int Of(int everyday, int full) => Full ? full : everyday;
}
