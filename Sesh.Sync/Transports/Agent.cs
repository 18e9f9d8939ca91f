using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sesh.Sync.Transports;

/// <summary>The user's ssh agent, by its protocol (draft-miller-ssh-agent): which keys it holds, and signatures by them. Each question is a connection of its own.</summary>
internal sealed class Agent(string socketPath)
{
    private const byte RequestIdentities = 11;
    private const byte Identities = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int MostBytes = 256 << 10;
    private const int MostKeys = 1000;

    /// <summary>For a signature it may ask the user, who may be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Empty where it does not answer, or not as it should.</summary>
    public IReadOnlyList<HostKey> Keys()
    {
        try
        {
            var answer = (ReadOnlySpan<byte>)Ask([RequestIdentities]);
            if (answer.Length < 5 || answer[0] != Identities)
                return [];
            var count = BinaryPrimitives.ReadUInt32BigEndian(answer[1..]);
            var rest = answer[5..];
            var keys = new List<HostKey>();
            for (var i = 0; i < Math.Min(count, MostKeys); i++)
            {
                if (!Field(ref rest, out var blob) || !Field(ref rest, out _))
                    break;
                if (HostKey.TryParse(blob, out var key))
                    keys.Add(key);
            }

            return keys;
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException)
        {
            // No agent is no failure: there may be keys in files.
            return [];
        }
    }

    /// <summary>An algorithm's name and a signature, as a login sends them.</summary>
    /// <param name="flags">2 for rsa-sha2-256, 4 for rsa-sha2-512, else 0.</param>
    /// <exception cref="IOException">It refuses.</exception>
    public byte[] Sign(HostKey key, ReadOnlySpan<byte> data, uint flags)
    {
        var request = new byte[1 + 4 + key.Blob.Length + 4 + data.Length + 4];
        request[0] = SignRequest;
        var at = request.AsSpan(1);
        Put(ref at, key.Blob);
        Put(ref at, data);
        BinaryPrimitives.WriteUInt32BigEndian(at, flags);
        var answer = (ReadOnlySpan<byte>)Ask(request);
        if (answer.Length < 1 || answer[0] != SignResponse)
            throw new IOException("the ssh agent refuses to sign");
        var rest = answer[1..];
        return Field(ref rest, out var signature) ? signature.ToArray() : throw new IOException("the ssh agent answers with half a signature");
    }

    private byte[] Ask(ReadOnlySpan<byte> request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        using var stream = new NetworkStream(socket);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, request.Length);
        stream.Write(length);
        stream.Write(request);
        stream.ReadExactly(length);
        var size = BinaryPrimitives.ReadUInt32BigEndian(length);
        if (size > MostBytes)
            throw new IOException("the ssh agent's answer is too long");
        var answer = new byte[size];
        stream.ReadExactly(answer);
        return answer;
    }

    private static void Put(ref Span<byte> at, ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteInt32BigEndian(at, field.Length);
        field.CopyTo(at[4..]);
        at = at[(4 + field.Length)..];
    }

    private static bool Field(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (rest.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - 4)
            return false;
        field = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }
}
