namespace Sesh.Sync.Store.Index;

/// <summary>
/// Texts that many records share (machines, agents, tags), written once and named by number. Bounded, as they are read at every open: what comes
/// later is written where it stands.
/// </summary>
internal sealed class Words
{
    private const int Most = 1024;
    private const int Longest = 64;

    private readonly List<string> _words = [];

    // Only who writes looks a word up; most commands read a few by number.
    private Dictionary<string, int>? _numbers;

    public void Write(ByteSink sink, string text)
    {
        _numbers ??= Numbered();
        if (!_numbers.TryGetValue(text, out var number) && _words.Count < Most && text.Length <= Longest)
        {
            number = _words.Count;
            _words.Add(text);
            _numbers.Add(text, number);
        }
        else if (!_numbers.ContainsKey(text))
        {
            sink.Byte(0);
            sink.Text(text);
            return;
        }

        sink.Number(number + 1);
    }

    public string Read(ref ByteSource source)
    {
        var number = source.Number();
        if (number == 0)
            return source.Text();
        return number <= (ulong)_words.Count ? _words[(int)number - 1] : throw new IndexCorruptException("no such word");
    }

    public void WriteAll(ByteSink sink)
    {
        sink.Number(_words.Count);
        foreach (var word in _words)
            sink.Text(word);
    }

    public static Words ReadAll(ref ByteSource source)
    {
        var words = new Words();
        var n = source.Count();
        words._words.EnsureCapacity(n);
        for (; n > 0; n--)
            words._words.Add(source.Text());
        return words;
    }

    /// <summary>A copy to add to; what is written with the original can be read with it.</summary>
    public Words Grow()
    {
        var words = new Words();
        words._words.AddRange(_words);
        return words;
    }

    private Dictionary<string, int> Numbered()
    {
        var numbers = new Dictionary<string, int>(_words.Count, StringComparer.Ordinal);
        for (var i = 0; i < _words.Count; i++)
            numbers[_words[i]] = i;
        return numbers;
    }
}
