namespace Sesh.Tests.Built;

/// <summary>
/// Two homes with the built sesh, and an sshd by which alpha reaches beta: <c>ssh beta</c> works, its host key is known. Logins at beta have neither SESH_MACHINE nor a PATH to sesh, as
/// real ones have not; there it is at ~/.local/bin.
/// </summary>
internal sealed class TwoMachines : IDisposable
{
    /// <param name="knows">alpha knows beta's host key.</param>
    /// <param name="mayLogIn">alpha's key is authorized.</param>
    /// <param name="installed">beta has sesh, and its name.</param>
    public TwoMachines(bool knows = true, bool mayLogIn = true, bool installed = true)
    {
        Sshd = new Sshd(Beta.UserHome, Beta.Environment.Where(v => v.Key is not ("SESH_MACHINE" or "HOME" or "PATH" or "TERM")).ToDictionary());
        User = new SshUser(Alpha.UserHome);
        Alpha.Environment["PATH"] = User.SearchPath;
        User.Names(Sshd, "beta");
        if (knows)
            User.Knows(Sshd);
        if (mayLogIn)
            Sshd.Authorize(User.Key);
        if (!installed)
            return;
        Directory.CreateDirectory(Path.Join(Beta.UserHome, ".local", "bin"));
        File.CreateSymbolicLink(Path.Join(Beta.UserHome, ".local", "bin", "sesh"), BuiltSesh.Binary);
        Beta.Environment.Remove("SESH_MACHINE");
        Beta.Run("init", "--machine", "beta").Succeeds();
    }

    public BuiltSesh Alpha { get; } = new("alpha");

    public BuiltSesh Beta { get; } = new("beta");

    /// <summary>Beta's.</summary>
    public Sshd Sshd { get; }

    /// <summary>Alpha's.</summary>
    public SshUser User { get; }

    public void Dispose()
    {
        Sshd.Dispose();
        Alpha.Dispose();
        Beta.Dispose();
    }
}
