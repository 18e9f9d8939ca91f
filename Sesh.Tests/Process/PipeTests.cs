using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Standard streams that end early, are full, or are not there.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly BuiltSesh _sesh = new();

    public PipeTests()
    {
        // A list that no pipe's buffer holds.
        Change[] Session(int number)
        {
            var uuid = SessionId.New();
            return
            [
                new Change(new Register(uuid, Field.Agent), Value.Of("claude")),
                new Change(new Register(uuid, Field.Machine), Value.Of("alpha")),
                new Change(new Register(uuid, Field.Name), Value.Of($"session {number}")),
            ];
        }

        KilledWriterTests.Open(_sesh).Write(_ => new Draft("import", [], [.. Enumerable.Range(0, 1000).SelectMany(Session)]));
    }

    public void Dispose() => _sesh.Dispose();

    [Fact]
    public void A_reader_that_stops_early_is_no_error()
    {
        var ran = _sesh.Shell("sesh list --json | head -n 1");
        Assert.Equal("[", ran.Succeeds());
        Assert.Empty(ran.Error);
    }

    [Fact]
    public void A_full_standard_output_is_a_failure_and_said()
    {
        var ran = _sesh.Shell("sesh list >/dev/full");
        Assert.NotEqual(0, ran.Exit);
        Assert.StartsWith("sesh: ", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sesh list >&-")]
    [InlineData("sesh list 2>&-")]
    [InlineData("sesh info no-such-prefix 2>&-")]
    [InlineData("sesh list <&- >&- 2>&-")]
    public void A_closed_standard_stream_crashes_nothing(string script)
    {
        var ran = _sesh.Shell(script);
        Assert.InRange(ran.Exit, 0, 2);
        Assert.DoesNotContain("Unhandled", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_writer_with_no_standard_input_writes()
    {
        var uuid = _sesh.Register("before");
        _sesh.Shell($"sesh rename {uuid} after <&-").Succeeds();
        Assert.Contains("after", _sesh.Run("info", uuid).Succeeds(), StringComparison.Ordinal);
    }
}
