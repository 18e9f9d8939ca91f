using System.Net.Sockets;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>The socket by which <c>ssh</c> lends its connection to a peer to the next <c>ssh</c>. Ours has a short name of its own: the path of a socket fits 108 bytes, on macOS 104.</summary>
internal static class ControlSocket
{
    // While it binds it, ssh calls it by this name and a dot and 16 letters more.
    private const int WhileBinding = 17;

    private static int MostBytes => (OperatingSystem.IsMacOS() ? 104 : 108) - 1;

    /// <summary>Makes the folder it lies in.</summary>
    /// <exception cref="SeshException"><c>home-too-long</c>.</exception>
    public static string For(Peer peer, TransportOptions options)
    {
        var key = $"{peer.Destination}\n{peer.Port}\n{peer.Identity}";
        var path = Path.Join(options.Home, "ssh", Short(key));
        var length = Encoding.UTF8.GetByteCount(path) + WhileBinding;
        if (length > MostBytes)
        {
            throw new SeshException(
                "home-too-long", $"a socket of ssh's below {options.Home} would have a path of {length} bytes, and {MostBytes} are the most", "set SESH_HOME to a shorter path, or use --transport sshnet");
        }

        try
        {
            HomeFolder.Prepare(PosixFiles.Instance, new StorePaths(options.Home));
            PosixFiles.Instance.MakeFolder(Path.GetDirectoryName(path)!);
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }

        return path;
    }

    // Managed, for loading OpenSSL would cost milliseconds.
    private static string Short(string key)
    {
        var hash = new Blake2bDigest(8 * 5);
        hash.BlockUpdate(Encoding.UTF8.GetBytes(key));
        Span<byte> result = stackalloc byte[5];
        hash.DoFinal(result);
        return Convert.ToHexStringLower(result);
    }

    /// <summary>Does somebody answer there? A socket whose owner died is removed.</summary>
    public static bool IsAlive(string path, bool removeDead)
    {
        if (!File.Exists(path) || Encoding.UTF8.GetByteCount(path) > MostBytes)
            return false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            if (removeDead && e.SocketErrorCode == SocketError.ConnectionRefused)
                Remove(path);
            return false;
        }
    }

    /// <summary>The connection behind it is in doubt: the next command makes a new one. Whoever uses it now goes on.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the next one finds it in doubt again.
        }
    }
}
