using Sesh.Sync.Store.Format;
using Sesh.Sync.Store.Identity;

namespace Sesh.Sync.Store.Sharing;

/// <summary>One file of a document that may leave this home, decoded.</summary>
internal static class HeldFile
{
    /// <summary>Null for what is none: private, without a sound header, of a newer version, or of a key that does not make that replica.</summary>
    public static LoadedDocument? Load(DocumentFiles files, DocumentFile file)
    {
        try
        {
            return files.Load(file) is { SoundLength: > 0, Header.Private: false } document
                && ReplicaKeys.IdOf(document.Header.PublicKey.AsSpan()) == document.Header.Replica ? document : null;
        }
        catch (SeshException e) when (e.Code == "newer-version")
        {
            // Whoever reads the home tells of it; the other documents are none the worse.
            return null;
        }
    }
}
