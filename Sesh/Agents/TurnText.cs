using System.Text;

namespace Sesh.Agents;

/// <summary>What an agent said in one turn, piece by piece, as one text.</summary>
internal sealed class TurnText
{
    private readonly StringBuilder _all = new();

    /// <summary>It was longer than a reply may be: this is its beginning.</summary>
    public bool IsCut { get; private set; }

    public string All => _all.ToString();

    public bool IsEmpty => _all.Length == 0;

    public void Say(string text)
    {
        if (text.Length == 0 || IsCut)
        {
            return;
        }

        if (_all.Length > 0)
        {
            _all.Append('\n');
        }

        var fits = TranscriptLimits.Cut(text, Math.Max(0, TranscriptLimits.Reply - _all.Length));
        IsCut = fits.Length < text.Length;
        _all.Append(fits);
    }
}
