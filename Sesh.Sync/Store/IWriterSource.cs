using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>What a writer asks beside what is shown.</summary>
internal interface IWriterSource : ISessionSource
{
    /// <summary>What the documents held prove about one another: see <see cref="IChains"/>.</summary>
    IChains Chains { get; }

    /// <summary>
    /// Somebody has seen more of a document of ours than own/ holds, or another branch of it: in docs/ lies a copy that is ahead of it or beside it, or an entry's
    /// context names a number behind its end (0 where own/ holds none). Then this home is a copy, or was put back from a backup.
    /// </summary>
    bool IsOutrun(ReplicaId own);

    /// <summary>The replica writes a private document of this installation.</summary>
    bool IsPrivate(ReplicaId replica);

    /// <summary>The end of the document in this file, where it is sound to its last byte; null where it is not, or not there.</summary>
    DocumentHead? HeadOf(string path);
}
