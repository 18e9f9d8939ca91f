namespace Sesh.Agents.Claude;

/// <summary>
/// One turn in the tree of a Claude Code transcript: the line that holds the message, and what descends from it. A second process that goes on from an earlier line
/// makes a branch of its own, which does not count.
/// </summary>
internal sealed class ClaudeTurnReader(string message) : ITurnReader
{
    private const string Printed = "<local-command-stdout>";
    private const string Interrupted = "[Request interrupted by user";

    private readonly SentText _sent = new(message);
    private readonly ClaudeLine _line = new(TranscriptLimits.Whole);
    private readonly HashSet<string> _chain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Node>> _orphans = new(StringComparer.Ordinal);
    private readonly TurnText _text = new();
    private string _parent = "";
    private bool _closed;

    /// <summary>What a line means to the turn, kept until its parent is known.</summary>
    private readonly record struct Node(string Uuid, NodeKind Kind, string Text, string StopReason);

    private enum NodeKind : byte
    {
        Link,
        Answer,
        Error,
        Prompt,
        Interruption,
        TurnDuration,

        /// <summary>What a command of claude's own printed.</summary>
        Printed,
    }

    public bool IsTaken { get; private set; }

    public TurnEnd End { get; private set; } = TurnEnd.Open;

    public bool IsSettled { get; private set; }

    public string Reply => _text.All;

    public bool IsCut => _text.IsCut;

    public string Failure { get; private set; } = "";

    public void Feed(ReadOnlySpan<byte> line)
    {
        if (_closed || ClaudeLine.IsNoise(line))
        {
            return;
        }

        try
        {
            _line.Read(line);
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // A strange line is none of this turn's.
            return;
        }

        if (!_line.Sidechain && _line.Kind is ClaudeKind.User or ClaudeKind.Assistant or ClaudeKind.System or ClaudeKind.Attachment)
        {
            Take();
        }
    }

    private void Take()
    {
        var node = Understand();
        if (!IsTaken && IsMessage(node))
        {
            IsTaken = true;
            _parent = _line.Parent;
            Join(_line.Uuid);
            return;
        }

        var parent = _line.Parent.Length > 0 ? _line.Parent : _line.LogicalParent;
        if (_chain.Contains(parent))
        {
            Apply(node);
        }
        else if (IsTaken && node.Kind == NodeKind.Prompt && parent == _parent && End == TurnEnd.Open)
        {
            // Esc before any output leaves the prompt behind, and the next one becomes its sibling.
            End = TurnEnd.Interrupted;
            IsSettled = _closed = true;
        }
        else
        {
            if (!_orphans.TryGetValue(parent, out var siblings))
            {
                _orphans[parent] = siblings = [];
            }

            siblings.Add(node);
        }
    }

    private bool IsMessage(Node node) => node.Kind == NodeKind.Prompt
        ? _sent.Is(node.Text) || _sent.Is(PromptText.OfUser(node.Text)) || _sent.Is(PromptText.Command(node.Text)) || (_sent.IsCommand && PromptText.Command(node.Text).Length > 0)
        : _line.Queued.Length > 0 && _sent.Is(_line.Queued);

    private Node Understand() => _line.Kind switch
    {
        ClaudeKind.Assistant => new Node(_line.Uuid, _line.ApiError ? NodeKind.Error : NodeKind.Answer, _line.Text, _line.StopReason),
        ClaudeKind.User when _line.Text.StartsWith(Interrupted, StringComparison.Ordinal) => new Node(_line.Uuid, NodeKind.Interruption, "", ""),
        ClaudeKind.User when _line.Text.StartsWith(Printed, StringComparison.Ordinal) => new Node(_line.Uuid, NodeKind.Printed, PrintedText(_line.Text), ""),
        ClaudeKind.User when !_line.Meta && !_line.Blocks.Exists(block => block.Kind == ClaudeBlockKind.ToolResult) => new Node(_line.Uuid, NodeKind.Prompt, _line.Text, ""),
        ClaudeKind.System when _line.Subtype == "turn_duration" => new Node(_line.Uuid, NodeKind.TurnDuration, "", ""),
        _ => new Node(_line.Uuid, NodeKind.Link, "", ""),
    };

    /// <summary>Lines are not always written in the order of the tree.</summary>
    private void Join(string uuid)
    {
        if (uuid.Length == 0 || !_chain.Add(uuid) || !_orphans.Remove(uuid, out var children))
        {
            return;
        }

        foreach (var child in children)
        {
            Apply(child);
        }
    }

    private void Apply(Node node)
    {
        if (_closed)
        {
            return;
        }

        switch (node.Kind)
        {
            case NodeKind.Answer:
                _text.Say(node.Text);
                // Where a hook makes it go on, an answer follows what looked like the end.
                End = node.StopReason is "" or "tool_use" or "pause_turn" ? TurnEnd.Open : TurnEnd.Ended;
                break;
            case NodeKind.Error:
                (End, Failure) = (TurnEnd.Failed, node.Text);
                break;
            case NodeKind.Interruption:
                End = TurnEnd.Interrupted;
                IsSettled = true;
                break;
            case NodeKind.TurnDuration:
                End = End == TurnEnd.Open ? TurnEnd.Ended : End;
                IsSettled = true;
                break;
            case NodeKind.Printed when _sent.IsCommand && _text.IsEmpty:
                _text.Say(node.Text);
                End = TurnEnd.Ended;
                IsSettled = true;
                break;
            case NodeKind.Prompt when PromptText.OfUser(node.Text).Length > 0:
                // The next turn's.
                End = End == TurnEnd.Open ? TurnEnd.Interrupted : End;
                IsSettled = _closed = true;
                return;
        }

        Join(node.Uuid);
    }

    private static string PrintedText(string text)
    {
        var end = text.IndexOf("</local-command-stdout>", StringComparison.Ordinal);
        return StyledScreen.Parse(end < 0 ? text[Printed.Length..] : text[Printed.Length..end]).Text.Trim();
    }
}
