using System.Globalization;
using Sesh.Sync.Documents;

namespace Sesh.Sync.Store;

/// <summary>Where the turn of one session and those who wait for it are kept.</summary>
/// <param name="Turn">Locked by the holder.</param>
/// <param name="Queue">The folder of tickets; there only while somebody waits.</param>
/// <param name="Desk">Locked for the moment of drawing or giving back a ticket, of any session.</param>
internal sealed record TurnFiles(string Turn, string Queue, string Desk)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>With the folder they lie in.</summary>
    public static TurnFiles Make(string home, SessionId session)
    {
        Directory.CreateDirectory(Path.Combine(home, "turns"), OwnerOnly);
        return At(home, session);
    }

    public static TurnFiles At(string home, SessionId session)
    {
        var folder = Path.Combine(home, "turns");
        var name = Path.Combine(folder, session.ToString());
        return new TurnFiles(name + ".lock", name + ".queue", Path.Combine(folder, "desk.lock"));
    }

    public string Ticket(long number) => Path.Combine(Queue, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The numbers of all tickets there, of the dead too, ascending.</summary>
    public List<long> Tickets()
    {
        var numbers = new List<long>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(Queue))
            {
                if (long.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue)
                    numbers.Add(number);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Nobody waits.
        }

        numbers.Sort();
        return numbers;
    }

    public bool AnybodyWaits()
    {
        foreach (var number in Tickets())
        {
            if (FileLock.IsHeld(Ticket(number)))
                return true;
        }

        return false;
    }

    public void MakeQueue() => Directory.CreateDirectory(Queue, OwnerOnly);

    /// <summary>Removes the folder once the last has left; call with the desk held.</summary>
    public void CloseQueue()
    {
        try
        {
            Directory.Delete(Queue);
        }
        catch (IOException)
        {
            // Others still wait in it, or it is gone.
        }
    }
}
