using System.Diagnostics;
using Sesh.Sync.Documents;
using Sesh.Sync.Store;
using Xunit;

namespace Sesh.Tests.Store.Sharing;

/// <summary>A machine, room for a clone of it under the same name, and two others; one time for all.</summary>
internal sealed class ClonedMachine : IDisposable
{
    public DiskHome Original { get; } = new("alpha");

    public DiskHome Clone { get; } = new("alpha");

    public DiskHome Beta { get; } = new("beta");

    public DiskHome Gamma { get; } = new("gamma");

    public void Copy()
    {
        using var process = Process.Start("cp", ["-a", Original.Folder + "/.", Clone.Folder]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Pass(long milliseconds)
    {
        foreach (var home in (DiskHome[])[Original, Clone, Beta, Gamma])
            home.Clock.Milliseconds += milliseconds;
    }

    /// <summary>A look at every session of a home that saw these alive.</summary>
    public static void Look(DiskHome home, params SessionId[] alive)
    {
        var now = home.Clock.Milliseconds;
        home.Live.Merge([.. alive.Select(s => new LiveRow { Uuid = s, ObservedAt = now, TurnStatus = TurnStatus.Idle, Live = true })], complete: true, began: now);
    }

    public static void Rename(DiskHome home, SessionId session, string name) => home.Store.Write(_ => StoreHome.Rename(session, name));

    /// <summary>Damages its document, so that it writes under a new replica id from then on.</summary>
    public static void ChangeReplica(DiskHome home, SessionId session)
    {
        var before = Installation.Of(home.Folder)!.Replica;
        Rename(home, session, "a frame behind the one that is damaged");
        var path = home.File("own", $"{before}.sesh");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        Rename(home, session, "under a new id");
        Assert.NotEqual(before, Installation.Of(home.Folder)!.Replica);
    }

    public void Dispose()
    {
        foreach (var home in (DiskHome[])[Original, Clone, Beta, Gamma])
            home.Dispose();
    }
}
