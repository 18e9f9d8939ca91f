using System.CommandLine;
using Sesh.Sessions;

namespace Sesh.Commands;

/// <summary>The options that say which tmux pane is meant.</summary>
internal sealed class PaneOptions(string description)
{
    private readonly Option<string> _pane = Ask.Text("--pane", "%ID", description);

    private readonly Option<string> _socket = Ask.Text("--socket-path", "path", "the socket of that pane's tmux server (default: the one this runs in)");

    public void AddTo(Command command)
    {
        command.Add(_pane);
        command.Add(_socket);
    }

    /// <summary>Null where no pane is named and this runs in none.</summary>
    public (string Pane, string Socket)? Choose(Context context) => PaneChoice.Of(context.Get(_pane), context.Get(_socket), context.Tmux);
}
