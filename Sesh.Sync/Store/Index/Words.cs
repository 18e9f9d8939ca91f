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
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public void Write(ByteSink sink, string text)
    {
        if (!_numbers.TryGetValue(text, out var number) && _words.Count < Most && text.Length <= Longest)
        {
            number = _words.Count;
            Add(text);
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
        for (var n = source.Count(); n > 0; n--)
            words.Add(source.Text());
        return words;
    }

    /// <summary>A copy to add to; what is written with the original can be read with it.</summary>
    public Words Grow()
    {
        var words = new Words();
        foreach (var word in _words)
            words.Add(word);
        return words;
    }

    private void Add(string word)
    {
        _numbers[word] = _words.Count;
        _words.Add(word);
    }
}
