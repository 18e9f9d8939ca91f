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
    /// <param name="dialsBack">An sshd by which beta may come to reach alpha; its logins there have no ssh files of this account's.</param>
    public TwoMachines(bool knows = true, bool mayLogIn = true, bool installed = true, bool dialsBack = false)
    {
        var path = dialsBack ? new Dictionary<string, string> { ["PATH"] = new SshUser(Beta.UserHome).SearchPath } : [];
        Sshd = new Sshd(Beta.UserHome, Login(Beta).Concat(path).ToDictionary());
        if (dialsBack)
            BackSshd = new Sshd(Alpha.UserHome, Login(Alpha));
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

    /// <summary>Alpha's, for beta.</summary>
    public Sshd? BackSshd { get; }

    /// <summary>Alpha's.</summary>
    public SshUser User { get; }

    public void Dispose()
    {
        Sshd.Dispose();
        BackSshd?.Dispose();
        Alpha.Dispose();
        Beta.Dispose();
    }

    private static Dictionary<string, string> Login(BuiltSesh machine) =>
        machine.Environment.Where(v => v.Key is not ("SESH_MACHINE" or "HOME" or "PATH" or "TERM")).ToDictionary();
}
