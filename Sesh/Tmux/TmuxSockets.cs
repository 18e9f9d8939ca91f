using System.Text;
using Sesh.Processes;

namespace Sesh.Tmux;

/// <summary>Which tmux servers this user has.</summary>
internal static class TmuxSockets
{
    private const int UnixDomain = 1;
    private const int Stream = 1;
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int PathOffset = 2;

    /// <summary>
    /// Sockets that somebody listens on: those of SESH_TMUX_SOCKETS, else all in the usual folder and the one we run inside of. A dead one costs a
    /// connect, microseconds.
    /// </summary>
    public static IReadOnlyList<string> Alive(TmuxSurroundings surroundings)
    {
        var alive = new List<string>();
        foreach (var socket in Candidates(surroundings))
        {
            if (!alive.Contains(socket) && Answers(socket))
                alive.Add(socket);
        }

        return alive;
    }

    private static IEnumerable<string> Candidates(TmuxSurroundings surroundings)
    {
        if (surroundings.Sockets is { Length: > 0 } named)
        {
            foreach (var socket in named.Split(':', StringSplitOptions.RemoveEmptyEntries))
                yield return surroundings.SocketPath(socket);
            yield break;
        }

        if (surroundings.OwnSocket is { } own)
            yield return own;
        foreach (var socket in InFolder(surroundings.SocketFolder))
            yield return socket;
    }

    private static string[] InFolder(string folder)
    {
        // /tmp is everybody's: a folder that somebody else put there under our number says nothing true.
        if (OperatingSystem.IsLinux() && FileIdentity.Of(folder)?.Owner != Libc.UserId())
            return [];
        try
        {
            var sockets = Directory.GetFiles(folder);
            Array.Sort(sockets, StringComparer.Ordinal);
            return sockets;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no folder, no servers
        }
    }

    /// <summary>Does somebody listen? A server too busy to take us (EAGAIN) listens.</summary>
    public static unsafe bool Answers(string socket)
    {
        // struct sockaddr_un: on Linux a 16-bit family, on macOS a length byte and a family byte; then the path.
        var longest = OperatingSystem.IsMacOS() ? 104 : 108;
        var path = Encoding.UTF8.GetBytes(socket);
        if (path.Length >= longest)
            return false;
        var address = stackalloc byte[PathOffset + 108];
        new Span<byte>(address, PathOffset + 108).Clear();
        if (OperatingSystem.IsMacOS())
            (address[0], address[1]) = ((byte)(PathOffset + path.Length), UnixDomain);
        else
            (address[0], address[1]) = (UnixDomain, 0);
        path.CopyTo(new Span<byte>(address + PathOffset, longest));

        var descriptor = Libc.Socket(UnixDomain, OperatingSystem.IsMacOS() ? Stream : Stream | NonBlockingCloseOnExec, 0);
        if (descriptor < 0)
            return false;
        var failed = Libc.Connect(descriptor, address, (uint)(PathOffset + path.Length + 1));
        var busy = failed != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.TryAgain;
        _ = Libc.Close(descriptor);
        return failed == 0 || busy;
    }
}
