using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>
/// Random scripts of 2 to 5 machines, with documents and parts of them arriving in any order, undo and compaction at any time. At every step and
/// after full exchange: nothing lost, nothing overwritten back; in the end all equal.
/// </summary>
public sealed class PlainWorldTests
{
    [Fact]
    public void Documents_arriving_in_any_order_lose_nothing_and_bring_nothing_back() => Run(isWild: false, loses: false, 5_000, 60_000);

    [Fact]
    public void Documents_lost_or_put_back_older_lose_nothing_and_bring_nothing_back() => Run(isWild: false, loses: true, 2_500, 20_000);

    [Fact]
    public void Clocks_wrong_by_a_year_lose_nothing_and_bring_nothing_back() => Run(isWild: true, loses: true, 2_500, 20_000);

    private static void Run(bool isWild, bool loses, int everyday, int full) =>
        Step.Sample(PlainScript.Any(isWild, loses), s => _ = s.Run(), everyday, full, s => s.ToString());
}
