using System.Globalization;
using Sesh.Processes;
using Sesh.Tests.Store;
using Sesh.Tests.Tmux;
using Xunit;

namespace Sesh.Tests.Processes;

public sealed class ProcTableTests
{
    [Fact]
    public void A_child_is_found_under_its_parent_with_all_that_is_asked_about_it()
    {
        using var home = new ScratchHome();
        File.WriteAllText(home.File("held"), "");
        using var child = new Spawned("/bin/sleep", ["300"], home.Path, new() { ["SESH_PROBE"] = "a b=c" });
        var table = ProcessTable.Open();

        var row = Assert.Single(table.Children(Environment.ProcessId), r => r.Pid == child.Pid);
        Assert.Equal("sleep", row.Name);
        Assert.True(row.Start > 0);
        Assert.Equal(row, table.Find(child.Pid));
        Assert.Equal(row, ProcessTable.Open().Find(child.Pid));
        Assert.Equal(["/bin/sleep", "300"], table.Arguments(child.Pid));
        Assert.Equal("a b=c", table.Variable(child.Pid, "SESH_PROBE"));
        Assert.Null(table.Variable(child.Pid, "SESH_PROB"));
        Assert.Equal(home.Path, table.WorkingDirectory(child.Pid));
        Assert.EndsWith("/sleep", table.Executable(child.Pid));
        Assert.True(table.IsOwn(child.Pid));
        Assert.Equal(Libc.UserId() == 0, table.IsOwn(1));
    }

    [Fact]
    public void Who_holds_a_lock_is_told_and_who_only_has_the_file_open_is_not()
    {
        using var home = new ScratchHome();
        var (held, free) = (home.File("held.lock"), home.File("free.lock"));
        File.WriteAllText(held, "");
        File.WriteAllText(free, "");
        using var holder = new Spawned("/usr/bin/flock", ["--no-fork", held, "/bin/sh", "-c", $"exec 9<{free}; echo there >{home.File("up")}; exec sleep 300"], home.Path);
        Until.True(() => File.Exists(home.File("up")), "the lock is held");

        var table = ProcessTable.Open();
        Assert.Equal(holder.Pid, table.LockHolder(held));
        Assert.Null(table.LockHolder(free));
        Assert.Null(table.LockHolder(home.File("none")));
        Assert.Contains(free, table.OpenFiles(holder.Pid));
        Assert.Contains(held, table.OpenFiles(holder.Pid));
    }

    [Fact]
    public void Who_outlives_his_terminal_is_told_from_who_has_one_and_from_who_never_had()
    {
        using var tmux = new PrivateTmux();
        var pane = tmux.Run("-c", tmux.Folder, "/bin/sh", "-c", "trap '' HUP; exec sleep 300");
        var pid = int.Parse(tmux.Server.Do(["display-message", "-p", "-t", pane, "#{pane_pid}"]), CultureInfo.InvariantCulture);
        using var without = new Spawned("/bin/sleep", ["300"], "/");
        Until.True(() => ProcessTable.Open().Find(pid)?.Name == "sleep", "it ignores the hang-up");
        Assert.False(ProcessTable.Open().HasLostTerminal(pid));
        tmux.Server.KillPane(pane);
        Until.True(() => ProcessTable.Open().HasLostTerminal(pid), "its terminal is gone");
        Assert.False(ProcessTable.Open().HasLostTerminal(without.Pid));
        _ = Libc.Kill(pid, Libc.SigKill);
    }

    [Fact]
    public void A_process_that_is_gone_answers_nothing()
    {
        int pid;
        using (var child = new Spawned("/bin/sleep", ["300"], "/"))
            pid = child.Pid;
        var table = ProcessTable.Open();
        Assert.Null(table.Find(pid));
        Assert.Empty(table.Children(pid));
        Assert.Empty(table.Arguments(pid));
        Assert.Null(table.Variable(pid, "PATH"));
        Assert.Null(table.WorkingDirectory(pid));
        Assert.Null(table.Executable(pid));
        Assert.Empty(table.OpenFiles(pid));
    }
}
