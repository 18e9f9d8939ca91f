using Sesh.Sync.Documents;

namespace Sesh.Sessions.Mesh;

/// <summary>The grant that a process which serves a peer was started with. From any thread.</summary>
internal sealed class HeldGrant
{
    private readonly GrantMarks _marks;
    private readonly MachineName? _expected;
    private readonly IReadOnlyDictionary<string, string> _before;

    /// <summary>As early as may be: what changed before is not noticed.</summary>
    /// <param name="expected">The one machine that is served; null where whoever logs in is.</param>
    public HeldGrant(string home, MachineName? expected)
    {
        (_marks, _expected) = (new GrantMarks(home), expected);
        _before = _marks.All();
    }

    /// <param name="peer">Who it turned out to be.</param>
    public bool HasChanged(MachineName peer)
    {
        var now = _marks.All();
        return (_expected is null ? (string[])[GrantMarks.Any, peer.Text] : [_expected.Text]).Any(n => now.GetValueOrDefault(n) != _before.GetValueOrDefault(n));
    }
}
