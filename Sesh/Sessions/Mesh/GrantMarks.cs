using Sesh.Sync;

namespace Sesh.Sessions.Mesh;

/// <summary>
/// Tells the processes that serve peers that what somebody may do here has changed, by a file for each machine in <c>grants/</c>: what a process was started with holds for as long as it
/// runs, so it ends its link, and the peer's next one has the grant of now.
/// </summary>
internal sealed class GrantMarks(string home)
{
    /// <summary>Of keys that may log in as whatever machine.</summary>
    public const string Any = "any";

    private readonly string _folder = Path.Join(home, "grants");

    /// <summary>What is there, by machine. Makes the folder: whoever watches the home is to hear of the first file in it too.</summary>
    public IReadOnlyDictionary<string, string> All()
    {
        try
        {
            Prepare();
            return Directory.GetFiles(_folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where it cannot be made, nobody can put anything into it.
            return new Dictionary<string, string>();
        }
    }

    /// <summary>After the change is made: who dials again at once must find it.</summary>
    /// <param name="names">Of machines, or <see cref="Any"/>.</param>
    /// <exception cref="SeshException"><c>home-unwritable</c>: links that are open do not hear of it.</exception>
    public void Change(params IEnumerable<string> names)
    {
        try
        {
            Prepare();
            foreach (var name in names)
                File.WriteAllText(Path.Join(_folder, name), Guid.NewGuid().ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException(
                "home-unwritable", $"it is changed, but links that are open do not hear of it: cannot write below {_folder}: {e.Message.TrimEnd('.')}", "make the folder writable, and do it again", inner: e);
        }
    }

    private void Prepare() => Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
