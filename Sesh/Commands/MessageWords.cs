using System.CommandLine;
using Sesh.Sessions.Driving;
using Sesh.Sync;

namespace Sesh.Commands;

/// <summary>A message on the command line: as words, from a file, or from standard input.</summary>
internal sealed class MessageWords(string name = "message", string description = "what to say; - for standard input; behind -- if it begins with a dash")
{
    private readonly Argument<string[]> _words = new(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string> _file = Ask.Text("--file", "file", "say what stands in this file; - for standard input");

    public void AddTo(Command command)
    {
        command.Add(_words);
        command.Add(_file);
    }

    /// <summary>Checked.</summary>
    public string Read(Context context)
    {
        var words = context.Get(_words) ?? [];
        if (context.Get(_file) is { } file)
        {
            return words.Length == 0 ? MessageText.Check(OfFile(context, file))
                : throw new UsageException("the message is given twice", "give it as words or by --file");
        }

        return words switch
        {
            [] => throw new UsageException("there is no message", "give it as a word, by --file, or - for standard input"),
            ["-"] => MessageText.Check(MessageText.Decode(InputOf(context))),
            [var one] => MessageText.Check(one),
            _ => throw new UsageException($"the message is {words.Length} words", "quote it, so that it is one"),
        };
    }

    /// <summary>The verb's command line for another machine, which has not this one's files: what stands in a file goes as its standard input.</summary>
    public IReadOnlyList<string> WordsFor(Context context) =>
        context.IsGiven(_file) ? [.. context.GivenOptionWords().Where(w => !w.StartsWith($"{_file.Name}=", StringComparison.Ordinal)), "--", "-"] : context.GivenWords();

    /// <summary>For that other machine; null where the message is words.</summary>
    public Stream? Input(Context context)
    {
        if (context.Get(_file) is { } file)
            return file == "-" && context.Get(_words) is [] or null ? context.Surroundings.Input() : new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Read(context)));
        return context.Get(_words) is ["-"] ? context.Surroundings.Input() : null;
    }

    private static string OfFile(Context context, string file)
    {
        if (file == "-")
            return MessageText.Decode(InputOf(context));
        var path = file.Length > 0 ? context.FullPath(file) : throw new UsageException("--file is empty", "an unset shell variable?");
        try
        {
            return MessageText.Decode(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SeshException("no-file", $"there is no file {path}", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeshException("no-file", $"cannot read {path}: {e.Message.TrimEnd('.')}", inner: e);
        }
    }

    private static byte[] InputOf(Context context)
    {
        using var input = context.Surroundings.Input();
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }
}
