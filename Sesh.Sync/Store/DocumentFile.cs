using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;
using Sesh.Sync.Store.Format;

namespace Sesh.Sync.Store;

internal enum DocumentPlace : byte
{
    /// <summary>In own/: written by this installation, the truth for what it wrote.</summary>
    Own,

    /// <summary>In own/, of private sessions.</summary>
    Private,

    /// <summary>In docs/: received, or brought by whatever copies files.</summary>
    Docs,
}

/// <summary>A document's file as the folder lists it, not yet read.</summary>
/// <param name="Hint">What its name says; null where it says nothing.</param>
internal sealed record DocumentFile(string Path, DocumentPlace Place, FileFacts Facts, DocumentHint? Hint)
{
    public bool IsOwn => Place != DocumentPlace.Docs;
}

/// <summary>Where a document ends: what an append needs of it.</summary>
/// <param name="Length">Bytes of the sound prefix.</param>
internal readonly record struct DocumentHead(long End, Digest Digest, long Length);
