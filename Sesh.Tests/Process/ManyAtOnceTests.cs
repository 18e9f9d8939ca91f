using System.Text.Json;
using Xunit;

namespace Sesh.Tests.Built;

/// <summary>Two hundred commands at once on one home.</summary>
public sealed class ManyAtOnceTests
{
    [Fact]
    public void Two_hundred_commands_at_once_all_succeed_and_nothing_is_lost()
    {
        using var sesh = new BuiltSesh();
        var sessions = Enumerable.Range(0, 20).Select(i => sesh.Register($"s{i}")).ToList();
        var commands = Enumerable.Range(0, 200).Select(i => (i % 4) switch
        {
            0 => new[] { "rename", sessions[i / 10], $"name-{i}" },
            1 => ["tag", sessions[i / 10], $"tag-{i}"],
            2 => ["meta", sessions[i / 10], $"key-{i}=value-{i}"],
            _ => ["list", "--json"],
        }).ToList();

        var running = commands.Select(c => (Command: c, Process: sesh.Start(c))).ToList();
        var results = running.Select(r =>
        {
            using var process = r.Process;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (r.Command, process.ExitCode, Output: output.GetAwaiter().GetResult(), Error: error);
        }).ToList();

        Assert.DoesNotContain(results, r => r.ExitCode != 0);
        foreach (var list in results.Where(r => r.Command[0] == "list"))
            Assert.Equal(20, JsonDocument.Parse(list.Output).RootElement.GetArrayLength());
        for (var i = 0; i < 200; i++)
        {
            using var info = JsonDocument.Parse(sesh.Run("info", sessions[i / 10], "--json").Succeeds());
            var record = info.RootElement;
            if (i % 4 == 1)
                Assert.Contains(record.GetProperty("tags").EnumerateArray(), t => t.GetString() == $"tag-{i}");
            else if (i % 4 == 2)
                Assert.Equal($"value-{i}", record.GetProperty("meta").GetProperty($"key-{i}").GetString());
        }

        Assert.Empty(sesh.Strays());
    }
}
