using Sesh.Sessions;
using Xunit;

namespace Sesh.Tests.Sessions;

public sealed class LastWordsTests
{
    [Fact]
    public void The_error_above_a_tip_and_a_usage_is_among_them()
    {
        const string screen =
            """
            error: unexpected argument '--nope' found

              tip: to pass '--nope' as a value, use '-- --nope'

            Usage: codex [OPTIONS] [PROMPT]
                   codex [OPTIONS] <COMMAND> [ARGS]

            For more information, try '--help'.

            Pane is dead (status 2, Sun Nov 22 23:53:00 2026)
            """;
        Assert.StartsWith("error: unexpected argument '--nope' found · tip: ", LastWords.Of(screen), StringComparison.Ordinal);
    }
}
