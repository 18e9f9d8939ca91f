
namespace Sesh.Agents.Codex;

/// <summary>The names in <c>session_index.jsonl</c>, the last one of each thread. Read when first asked for, and again when the file has changed.</summary>
internal sealed class ThreadNames(string path)
{
    private readonly Lock _lock = new();
    private Dictionary<string, string> _names = [];
    private (long Size, DateTime Time) _read;

    public string Of(string id)
    {
        lock (_lock)
        {
            var file = new FileInfo(path);
            var now = file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
            if (now != _read)
            {
                _names = Load(path);
                _read = now;
            }

            return _names.GetValueOrDefault(id, "");
        }
    }

    private static Dictionary<string, string> Load(string path)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var stream = TranscriptStream.Open(path);
            var lines = new TranscriptLines(stream);
            while (lines.Next(out var line, out _))
            {
                Take(line, names);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A thread without a name is shown by its first prompt.
        }

        return names;
    }

    private static void Take(ReadOnlySpan<byte> line, Dictionary<string, string> names)
    {
        try
        {
            string id = "", name = "";
            var reader = LineJson.Reader(line);
            reader.Read();
            while (LineJson.NextProperty(ref reader))
            {
                var (isId, isName) = (reader.ValueTextEquals("id"u8), reader.ValueTextEquals("thread_name"u8));
                reader.Read();
                var text = isId || isName ? LineJson.Text(ref reader, TranscriptLimits.Title) : "";
                id = isId ? text : id;
                name = isName ? text : name;
                reader.Skip();
            }

            if (id.Length > 0)
            {
                names[id] = name;
            }
        }
        catch (Exception failure) when (TranscriptReading.IsUnreadable(failure))
        {
            // One bad line of the index costs one name.
        }
    }
}
