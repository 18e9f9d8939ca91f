using Sesh.Sessions.Doctor;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class PurgeCheckTests : IDisposable
{
    private const string Id = "8b7b4450-0000-4000-8000-000000000001";

    private readonly StoreRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData(20, null, Health.Ok)]
    [InlineData(27, null, Health.Warn)]
    [InlineData(27, """{"cleanupPeriodDays": 90}""", Health.Ok)]
    [InlineData(88, """{"cleanupPeriodDays": 90, /* mine */ }""", Health.Warn)]
    [InlineData(20, """{"cleanupPeriodDays": "soon"}""", Health.Warn)]
    [InlineData(20, "{", Health.Warn)]
    public void A_transcript_is_warned_of_days_before_it_is_purged(int ageDays, string? settings, object worst)
    {
        var path = _room.Transcript(Id, "first\n");
        _room.Adopt();
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-ageDays));
        var file = _room.In("settings.json");
        if (settings is not null)
            File.WriteAllText(file, settings);

        var findings = PurgeCheck.Look(_room.Agent, file, _room.Store.Read(), "alpha", DateTimeOffset.UtcNow).ToList();

        Assert.Equal(worst, findings.Max(f => f.Health));
    }

    [Fact]
    public void What_is_not_recorded_is_nobodys_loss()
    {
        File.SetLastWriteTimeUtc(_room.Transcript(Id, "first\n"), DateTime.UtcNow.AddDays(-29));

        Assert.Equal(Health.Ok, Assert.Single(PurgeCheck.Look(_room.Agent, _room.In("none"), _room.Store.Read(), "alpha", DateTimeOffset.UtcNow)).Health);
    }
}
