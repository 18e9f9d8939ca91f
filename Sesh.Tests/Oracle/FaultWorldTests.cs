using Xunit;

namespace Sesh.Tests.Oracle;

/// <summary>Random scripts with clones, backups put back and damage: after full exchange all equal, nothing lost, nothing overwritten back, one write settles.</summary>
public sealed class FaultWorldTests
{
    [Fact]
    public void A_cloned_home_loses_nothing() => Run(Fault.Clone, loses: false, 3_000, 24_000);

    [Fact]
    public void A_backup_put_back_loses_nothing_that_anybody_holds() => Run(Fault.Backup, loses: false, 3_000, 24_000);

    [Fact]
    public void Damage_in_the_middle_loses_nothing_that_anybody_holds() => Run(Fault.Damage, loses: false, 2_000, 8_000);

    [Fact]
    public void A_cloned_home_among_lost_and_partial_documents_loses_nothing() => Run(Fault.Clone, loses: true, 2_000, 24_000);

    [Fact]
    public void A_backup_among_lost_and_partial_documents_loses_nothing_that_anybody_holds() => Run(Fault.Backup, loses: true, 2_000, 24_000);

    [Fact]
    public void Damage_among_lost_and_partial_documents_loses_nothing_that_anybody_holds() => Run(Fault.Damage, loses: true, 2_000, 8_000);

    private static void Run(Fault fault, bool loses, int everyday, int full)
    {
        var forked = 0;
        Step.Sample(
            FaultScript.Any(fault, loses),
            s =>
            {
                if (s.Run().Forks > 0)
                    Interlocked.Increment(ref forked);
            },
            everyday,
            full,
            s => s.ToString());
        if (fault == Fault.Clone)
            Assert.True(forked > Scale.Of(everyday, full) / 10, $"only {forked} scripts forked");
    }
}
