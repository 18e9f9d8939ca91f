namespace Sesh.Sessions;

/// <summary>Which sessions are listed. Null and empty take all.</summary>
/// <param name="Tags">All must be there.</param>
internal sealed record SessionFilter(string? Machine, string? Agent, IReadOnlyList<string> Tags, string? Status, bool LiveOnly, bool ArchivedToo)
{
    public bool Takes(SessionView view)
    {
        var record = view.Record;
        if ((record.Archived && !ArchivedToo) || (LiveOnly && !view.Live))
            return false;
        if ((Machine is not null && record.Machine != Machine) || (Agent is not null && record.Agent != Agent))
            return false;
        if (Status is not null && SessionView.Word(view.TurnStatus) != Status)
            return false;
        foreach (var tag in Tags)
        {
            if (!record.Tags.Contains(tag))
                return false;
        }

        return true;
    }
}
