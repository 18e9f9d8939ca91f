using System.Text;

namespace Sesh.Agents;

/// <summary>What an agent said in one turn, piece by piece, as one text.</summary>
internal sealed class TurnText
{
    private readonly StringBuilder _all = new();

    public string All => _all.ToString();

    public bool IsEmpty => _all.Length == 0;

    public void Say(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (_all.Length > 0)
        {
            _all.Append('\n');
        }

        _all.Append(text);
    }
}
