namespace Sesh.Sync.Store;

/// <summary>A place in the queue for one session's turn.</summary>
internal sealed class TurnTicket
{
    private readonly TurnFiles _files;
    private readonly long _number;
    private readonly FileLock _place;
    private readonly List<long> _before;

    private TurnTicket(TurnFiles files, long number, FileLock place, List<long> before) => (_files, _number, _place, _before) = (files, number, place, before);

    public static TurnTicket Draw(TurnFiles files, CancellationToken cancel)
    {
        using var desk = FileLock.Take(files.Desk, cancel);
        files.MakeQueue();
        var before = files.Tickets();
        var number = before.Count == 0 ? 1 : before[^1] + 1;
        before.RemoveAll(n => Discard(files, n));
        return new TurnTicket(files, number, FileLock.Take(files.Ticket(number), cancel), before);
    }

    /// <summary>Waits for those before, then for the turn; the ticket is given back whatever happens.</summary>
    public FileLock Redeem(CancellationToken cancel)
    {
        try
        {
            // The nearest first: it leaves after those before it, so the others then cost one look each.
            for (var i = _before.Count - 1; i >= 0; i--)
            {
                var wait = new Patience();
                while (FileLock.IsHeld(_files.Ticket(_before[i])))
                    wait.Once(cancel);
            }

            return FileLock.Take(_files.Turn, cancel);
        }
        finally
        {
            GiveBack();
        }
    }

    private void GiveBack()
    {
        using (_place)
        {
            try
            {
                File.Delete(_files.Ticket(_number));
            }
            catch (IOException)
            {
                // Let go of below all the same: an unlocked ticket is a dead one, and the next to pass removes it.
            }
        }

        using var desk = FileLock.TryTake(_files.Desk);
        if (desk is not null)
            _files.CloseQueue();
    }

    private static bool Discard(TurnFiles files, long number)
    {
        if (FileLock.IsHeld(files.Ticket(number)))
            return false;
        File.Delete(files.Ticket(number));
        return true;
    }
}
