using Sesh.Sync.Documents;
using Sesh.Sync.Store.Files;

namespace Sesh.Sync.Store;

/// <summary>
/// This installation's shared document as it lies in docs/, for copiers to carry. A copy and no hard link: whoever copies onto a link's name, as cp does,
/// would write into own/. It follows own/, never the other way, and needs no sync: what a crash leaves is made good at the next write.
/// </summary>
internal sealed class Publication(DocumentFiles documents, string own, string published)
{
    private readonly IStoreFiles _files = documents.Files;

    /// <summary>After an append of <paramref name="block"/> behind <paramref name="before"/> bytes.</summary>
    public void Follow(long before, ReadOnlySpan<byte> block)
    {
        if (_files.Stat(published) is { } facts && facts.Size == before && documents.IsBeginning(published, before, own, before))
        {
            using var file = _files.Append(published);
            file.WriteAll(block);
            return;
        }

        Renew();
    }

    /// <summary>Writes it whole.</summary>
    public void Renew() => _files.Replace(published, _files.Read(own));

    /// <summary>
    /// For a document that is not written any more, of which <paramref name="sound"/> is all that own/ holds: published where it is not yet; where another branch
    /// stands under its name, brought by a copier, beside that.
    /// </summary>
    public void Leave(ReadOnlySpan<byte> sound, Digest head)
    {
        var there = _files.Stat(published) is null ? [] : _files.Read(published);
        if (there.AsSpan().StartsWith(sound))
            return;
        var isBeginning = sound.StartsWith(there);
        _files.Replace(isBeginning ? published : Path.ChangeExtension(published, $".{head.Check}{StorePaths.Extension}"), sound);
    }
}
