using Sesh.Sync.Documents;
using Sesh.Sync.Store.Index;

namespace Sesh.Sync.Store.Sharing;

/// <summary>Of which of its own sessions a machine tells others: of all but the private ones. Looks nothing up where nothing is private.</summary>
internal sealed class TellableSessions(DocumentFiles documents, TimeProvider time)
{
    private IWriterSource? _source;
    private bool? _hasPrivate;

    public bool MayLeave(SessionId session)
    {
        if (!(_hasPrivate ??= documents.ListAll().Any(f => f.Place == DocumentPlace.Private)))
            return true;
        // A session that nobody has recorded may be about to be private.
        return (_source ??= SessionSource.Of(documents, time)).Find(session) is { Private: false };
    }
}
