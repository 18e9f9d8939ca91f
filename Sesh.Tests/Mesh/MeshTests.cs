using System.Collections.Concurrent;
using Sesh.Sync.Store.Sharing;
using Sesh.Tests.Oracle;
using Xunit;

namespace Sesh.Tests.Mesh;

/// <summary>R4: random meshes in memory converge, and nothing that was acknowledged is lost.</summary>
public sealed class MeshTests(ITestOutputHelper output)
{
    [Fact]
    public void Machines_that_meet_now_and_then_come_to_hold_the_same() => Run(MeshFault.None, 80, 50_000, leastForks: 0);

    [Fact]
    public void A_cloned_home_loses_nothing_and_all_come_to_hold_both_branches() => Run(MeshFault.Clone, 60, 25_000, leastForks: 4);

    [Fact]
    public void A_home_put_back_from_a_backup_gets_back_what_others_hold() => Run(MeshFault.Backup, 60, 25_000, leastForks: 1);

    // A few scripts may by chance show too little: then more are drawn, up to this many times as many.
    private const int MostRounds = 6;

    private static readonly Type[] s_parcels = [typeof(DocumentParcel), typeof(FramesParcel), typeof(CompactionParcel)];

    private void Run(MeshFault fault, int everyday, int full, int leastForks)
    {
        var outcomes = new ConcurrentDictionary<(Type Parcel, Outcome Outcome), int>();
        var (scripts, forked) = (0, 0);
        for (var round = 0; round < MostRounds && (round == 0 || forked < leastForks || s_parcels.Any(p => !IsShown(p))); round++)
        {
            Step.Sample(
                MeshScript.Any(fault),
                script =>
                {
                    var world = script.Run();
                    Interlocked.Increment(ref scripts);
                    if (world.Forks > 0)
                        Interlocked.Increment(ref forked);
                    foreach (var (what, count) in world.Outcomes)
                        outcomes.AddOrUpdate(what, count, (_, before) => before + count);
                },
                everyday,
                full,
                s => s.ToString());
        }

        output.WriteLine($"{scripts} scripts passed, {forked} of them with a fork; {string.Join(", ", outcomes.OrderBy(o => o.Key.Parcel.Name).ThenBy(o => o.Key.Outcome).Select(o => $"{o.Key.Parcel.Name} {o.Key.Outcome} {o.Value}"))}");
        // Otherwise the scripts have become too tame to show anything.
        Assert.True(forked >= leastForks, $"only {forked} scripts forked");
        foreach (var parcel in s_parcels)
            Assert.True(IsShown(parcel), $"no {parcel.Name} was taken, or none known");

        bool IsShown(Type parcel) => outcomes.GetValueOrDefault((parcel, Outcome.Taken)) > 0 && outcomes.GetValueOrDefault((parcel, Outcome.Known)) > 0;
    }
}
