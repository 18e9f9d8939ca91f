namespace Sesh.Tmux;

/// <summary>One pane at one moment.</summary>
/// <param name="Pid">Of the pane's own process.</param>
/// <param name="Screen">What it shows, with its styles as escape sequences.</param>
internal sealed record PaneShot(int Pid, bool Dead, string Title, string Screen);
