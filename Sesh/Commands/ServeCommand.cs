using Sesh.Sync;
using Sesh.Sync.Documents;
using Sesh.Sync.Transports;
using Sesh.Sync.Wire;

namespace Sesh.Commands;

/// <summary>The line that sshd is to run for a key: this program, serving this home.</summary>
internal static class ServeCommand
{
    /// <param name="userHome">Below it, a home that is the default one need not be named.</param>
    /// <param name="name">Null for whatever machine it is.</param>
    public static string For(Context context, string userHome, MachineName? name, Grant grant)
    {
        var program = Checked(Environment.ProcessPath ?? throw new SeshException("exec", "the system does not tell which program this is"));
        var home = context.Home == Path.Join(userHome, ".sesh") ? "" : $" --home '{Checked(context.Home)}'";
        return $"'{program}'{home} serve{(name is null ? "" : $" --peer {name}")} --allow {grant.Word()}";
    }

    private static string Checked(string path) => RemoteCommand.IsSafePath(path) ? path
        : throw new SeshException("remote-path", $"a login shell may not read this path as it is: {path}", "have sesh and its home below a plainer path");
}
