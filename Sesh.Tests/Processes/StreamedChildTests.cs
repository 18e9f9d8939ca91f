using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Sesh.Processes;
using Xunit;

namespace Sesh.Tests.Processes;

public sealed class StreamedChildTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_arguments_environment_folder_and_status_are_its_own()
    {
        string[] odd = ["", " a  b ", "$(id)", "a'b\"c", "日本 ✳", "line\nend\t"];
        await using var child = StreamedChild.Start("/bin/sh", ["-c", "pwd; echo \"$GIVEN\" >&2; printf '%s\\n' \"$@\"; cat; exit 7", "sh", .. odd], ["GIVEN=a=b c"], "/usr");
        await child.Input.WriteAsync("typed"u8.ToArray(), Cancel);
        child.CloseInput();
        Assert.Equal($"/usr\n{string.Join('\n', odd)}\ntyped", await ReadAsync(child.Output));
        Assert.Equal("a=b c\n", await ReadAsync(child.Error));
        Assert.Equal(7, await child.Ended);
    }

    [Fact]
    public async Task Disposing_asks_it_to_end()
    {
        var child = StreamedChild.Start("/bin/sh", ["-c", "trap 'echo asked; exit 3' TERM; echo ready; while :; do read x; done"], [], "/");
        await ReadLineAsync(child.Output);
        await child.DisposeAsync();
        Assert.Equal(3, await child.Ended);
    }

    [Fact]
    public async Task One_that_does_not_listen_is_killed_two_seconds_later()
    {
        var child = StreamedChild.Start("/bin/sh", ["-c", "trap '' TERM; echo ready; while :; do read x < /dev/zero; done"], [], "/");
        await ReadLineAsync(child.Output);
        var clock = Stopwatch.StartNew();
        await child.DisposeAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1.8), TimeSpan.FromSeconds(20));
        Assert.Equal(128 + 9, await child.Ended);
    }

    [Fact]
    public async Task What_ended_by_itself_is_not_signalled_whatever_has_its_pid_now()
    {
        var child = StreamedChild.Start("/bin/true", [], [], "/");
        Assert.Equal(0, await child.Ended);
        await child.DisposeAsync();
        await child.DisposeAsync();
    }

    [Fact]
    public void A_program_that_is_not_there_says_so() =>
        Assert.Throws<Win32Exception>(() => StreamedChild.Start("/nowhere/sesh", [], [], "/"));

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel);
    }

    private static async Task ReadLineAsync(Stream stream)
    {
        var one = new byte[1];
        while (await stream.ReadAsync(one, Cancel) == 1 && one[0] != '\n')
        {
            // Up to the line's end.
        }
    }
}
