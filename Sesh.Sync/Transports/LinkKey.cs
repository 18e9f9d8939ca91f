using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;
using Org.BouncyCastle.Security;
using Sesh.Sync.Store;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Transports;

/// <summary>
/// A key pair of this home's own, for links of sesh's alone: <c>link_ed25519</c> in <c>$SESH_HOME</c>, in OpenSSH's format, without a passphrase, as a daemon needs it. Made
/// when it is first asked for.
/// </summary>
public sealed record LinkKey(string Path, HostKey Public)
{
    /// <exception cref="SeshException">It cannot be made, or what is there is no key.</exception>
    public static LinkKey In(string home)
    {
        var files = PosixFiles.Instance;
        var path = System.IO.Path.Join(home, "link_ed25519");
        try
        {
            var paths = new StorePaths(home);
            HomeFolder.Prepare(files, paths);
            using var held = files.Lock(paths.PeersLock);
            if (files.Stat(path) is null)
                Make(files, path);
        }
        catch (StoreFileException e)
        {
            throw StoreFaults.Writing(e);
        }

        return IdentityFile.Read(path) is { HasPrivate: true, IsEncrypted: false, Public: { } key } ? new LinkKey(path, key)
            : throw new SeshException("link-key", $"{path} is no key that could be used", "move it away: a new one is then made");
    }

    private static void Make(PosixFiles files, string path)
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        var body = Convert.ToBase64String(OpenSshPrivateKeyUtilities.EncodePrivateKey(key)).Chunk(70).Select(l => new string(l));
        HostKey.TryParse(OpenSshPublicKeyUtilities.EncodePublicKey(key.GeneratePublicKey()), out var half);
        files.Replace(path + ".pub", Encoding.ASCII.GetBytes($"{half!.Line} sesh\n"));
        files.Replace(path, Encoding.ASCII.GetBytes($"-----BEGIN OPENSSH PRIVATE KEY-----\n{string.Join('\n', body)}\n-----END OPENSSH PRIVATE KEY-----\n"));
    }
}
