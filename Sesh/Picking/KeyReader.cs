using System.Text;

namespace Sesh.Picking;

/// <summary>Makes keys of the bytes that a terminal sends. What belongs together may come in pieces.</summary>
internal sealed class KeyReader
{
    private const byte Escape = 0x1b;
    private const int LongestSequence = 32;

    private readonly List<byte> _held = [];

    /// <summary>A lone ESC or the beginning of something lies here: if nothing follows soon, <see cref="Finish"/>.</summary>
    public bool IsPending => _held.Count > 0;

    public IReadOnlyList<PickerKey> Take(ReadOnlySpan<byte> bytes)
    {
        _held.AddRange(bytes);
        var keys = new List<PickerKey>();
        while (_held.Count > 0 && Next() is var (length, key) && length > 0)
        {
            _held.RemoveRange(0, length);
            if (key.Action != PickerAction.Nothing)
                keys.Add(key);
        }

        return keys;
    }

    /// <summary>Nothing follows: a lone ESC was the key of that name, and half of anything is nothing.</summary>
    public IReadOnlyList<PickerKey> Finish()
    {
        var isEscape = _held is [Escape];
        _held.Clear();
        return isEscape ? [new PickerKey(PickerAction.Leave)] : [];
    }

    /// <summary>The first key and how many bytes it takes; 0 where it is not all there.</summary>
    private (int Length, PickerKey Key) Next()
    {
        var first = _held[0];
        if (first == Escape)
            return Sequence();
        if (first is < 0x20 or 0x7f)
            return (1, new PickerKey(Control(first)));
        var whole = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (_held.Count < whole)
            return (0, default);
        var text = Encoding.UTF8.GetString([.. _held.Take(whole)]);
        // What is no UTF-8, or would not be text where it is shown, is no key.
        return (whole, text.Contains('\ufffd') || text.Any(char.IsControl) ? default : new PickerKey(PickerAction.Text, text));
    }

    private static PickerAction Control(byte key) => key switch
    {
        0x0d or 0x0a => PickerAction.Accept,
        0x03 or 0x04 or 0x07 => PickerAction.Leave, // ctrl-c, ctrl-d, ctrl-g
        0x10 or 0x0b => PickerAction.Up, // ctrl-p, ctrl-k
        0x0e => PickerAction.Down, // ctrl-n
        0x7f or 0x08 => PickerAction.Erase,
        0x17 => PickerAction.EraseWord,
        0x15 => PickerAction.EraseAll,
        _ => PickerAction.Nothing,
    };

    private (int Length, PickerKey Key) Sequence()
    {
        if (_held.Count == 1)
            return (0, default);
        if (_held[1] is not ((byte)'[' or (byte)'O'))
            // Alt and a key; or Esc, and something typed behind it at once.
            return _held[1] == Escape ? (1, new PickerKey(PickerAction.Leave)) : (2, default);
        for (var i = 2; i < Math.Min(_held.Count, LongestSequence); i++)
        {
            if (_held[i] is >= 0x40 and <= 0x7e)
                return (i + 1, new PickerKey(Named([.. _held.Skip(2).Take(i - 1)])));
        }

        return (_held.Count >= LongestSequence ? LongestSequence : 0, default);
    }

    private static PickerAction Named(byte[] sequence) => Encoding.ASCII.GetString(sequence) switch
    {
        "A" => PickerAction.Up,
        "B" => PickerAction.Down,
        "H" or "1~" or "7~" => PickerAction.First,
        "F" or "4~" or "8~" => PickerAction.Last,
        "5~" => PickerAction.PageUp,
        "6~" => PickerAction.PageDown,
        _ => PickerAction.Nothing,
    };
}
