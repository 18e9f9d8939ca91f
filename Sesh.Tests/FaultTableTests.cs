using System.Text.RegularExpressions;
using Xunit;

namespace Sesh.Tests;

/// <summary>FAULTS.md says of tests that are there.</summary>
public sealed partial class FaultTableTests
{
    [Fact]
    public void Every_test_that_the_table_names_is_there()
    {
        var tests = typeof(FaultTableTests).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).Select(m => $"{t.Name}.{m.Name}")).ToHashSet();
        var named = Named().Matches(File.ReadAllText(Path.Join(Repository.Root, "Sesh.Tests", "FAULTS.md"))).Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        Assert.Equal([], named.Except(tests));
    }

    [GeneratedRegex(@"`([A-Za-z]+Tests\.[A-Za-z_]+)`")]
    private static partial Regex Named();
}
