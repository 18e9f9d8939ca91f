using System.Text;
using Sesh.Tests.Commands;
using Xunit;

namespace Sesh.Tests.Contract;

public sealed class ErrorContractTests : IDisposable
{
    private readonly CommandWorld _world = new();

    private static readonly string[][] CommandLines =
    [
        ["lst"],
        ["list", "extra"],
        ["list", "--aal"],
        ["list", "--archivd"],
        ["--bogus"],
        ["--jsn", "list"],
        ["list", "--limit", "-1"],
        ["list", "--limit", "x"],
        ["list", "--sort", "nme"],
        ["list", "--agent", "gemini"],
        ["list", "--agent"],
        ["list", "--columns", "uuid,nme"],
        ["list", "--columns", ""],
        ["list", "--fields", "nam"],
        ["list", "--json", "--columns", "uuid"],
        ["list", "--color", "red"],
        ["list", "--machine", "../x"],
        ["help", "--machine", "alpha"],
        ["help", "lst"],
        ["completion", "powershell"],
        ["completion", "bash", "--json"],
        ["rename"],
        ["rename", "a", "b", "c"],
        ["info", "nothing-like-this"],
        ["info", ""],
        ["info"],
        ["tag", "x", "a,b"],
        ["retag", "x", "nopair"],
        [""],
    ];

    [Fact]
    public void Errors_exit_statuses_and_the_next_steps()
    {
        var text = new StringBuilder();
        foreach (var words in CommandLines)
        {
            var run = _world.Run(words);
            Assert.True(run.Error.StartsWith("sesh: ", StringComparison.Ordinal) && run.Error.IndexOf('\n', StringComparison.Ordinal) == run.Error.Length - 1, run.Error);
            text.Append(string.Join(' ', words.Select(w => w.Length == 0 || w.Contains(' ') ? $"'{w}'" : w))).Append("\n  ").Append(run.Status).Append(' ').Append(run.Error);
            foreach (var line in run.Lines)
                text.Append("  out ").Append(line).Append('\n');
        }

        ContractFile.Matches("errors", text.ToString());
    }

    public void Dispose() => _world.Dispose();
}
