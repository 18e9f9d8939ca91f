using System.Text;

namespace Sesh.Agents;

/// <summary>One line of a screen.</summary>
/// <param name="Firm">The same, with blanks for what is dim: agents write hints dim, people do not.</param>
internal readonly record struct StyledLine(string Text, string Firm);

/// <summary>A screen as tmux captures it with its styles (<c>capture-pane -e</c>).</summary>
internal sealed class StyledScreen
{
    private StyledScreen(IReadOnlyList<StyledLine> lines) => Lines = lines;

    public IReadOnlyList<StyledLine> Lines { get; }

    /// <summary>Without styles.</summary>
    public string Text => string.Join('\n', Lines.Select(line => line.Text));

    public static StyledScreen Parse(string captured)
    {
        var lines = new List<StyledLine>();
        var style = default(Style);
        foreach (var line in captured.Split('\n'))
            lines.Add(Line(line, ref style));
        return new StyledScreen(lines);
    }

    private struct Style
    {
        public bool Dim;
        public bool Inverse;
    }

    private static StyledLine Line(string line, ref Style style)
    {
        var text = new StringBuilder(line.Length);
        var firm = new StringBuilder(line.Length);
        var cursor = -1;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\e')
            {
                i = Escape(line, i, ref style);
                continue;
            }

            if (char.IsControl(line[i]))
                continue;
            // Agents draw their cursor as one inverse cell, also upon the first letter of a hint.
            if (style.Dim && cursor >= 0 && cursor == firm.Length - 1)
                firm[cursor] = ' ';
            if (style.Inverse)
                cursor = firm.Length;
            text.Append(line[i]);
            firm.Append(style.Dim ? ' ' : line[i]);
        }

        return new StyledLine(text.ToString().TrimEnd(), firm.ToString().TrimEnd());
    }

    /// <summary>Passes over one escape sequence, and gives where it ends.</summary>
    private static int Escape(string line, int at, ref Style style)
    {
        if (at + 1 >= line.Length)
            return at;
        switch (line[at + 1])
        {
            case '[':
                var end = at + 2;
                while (end < line.Length && line[end] is < '@' or > '~')
                    end++;
                if (end < line.Length && line[end] == 'm')
                    Apply(line.AsSpan(at + 2, end - at - 2), ref style);
                return end;
            case ']':
                // A link: up to BEL or ESC \.
                var bell = line.IndexOfAny(['\a', '\e'], at + 2);
                return bell < 0 ? line.Length : line[bell] == '\a' ? bell : bell + 1;
            case '(' or ')':
                return at + 2;
            default:
                return at + 1;
        }
    }

    private static void Apply(ReadOnlySpan<char> codes, ref Style style)
    {
        var colour = 0; // of 38;5;N and 38;2;R;G;B the numbers that are no styles
        foreach (var range in codes.Split(';'))
        {
            var code = codes[range];
            if (colour == 1)
            {
                colour = code is "5" ? 3 : 5;
                continue;
            }

            if (colour > 0)
            {
                colour = colour is 3 or 7 ? 0 : colour + 1;
                continue;
            }

            switch (code)
            {
                case "" or "0":
                    style = default;
                    break;
                case "2":
                    style.Dim = true;
                    break;
                case "22":
                    style.Dim = false;
                    break;
                case "7":
                    style.Inverse = true;
                    break;
                case "27":
                    style.Inverse = false;
                    break;
                case "38" or "48" or "58":
                    colour = 1;
                    break;
            }
        }
    }
}
