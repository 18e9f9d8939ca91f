using System.Collections.Immutable;
using System.Text;
using MessagePack;

namespace Sesh.Sync.Wire;

/// <summary>Requests and how they fail, as they travel.</summary>
internal static class RequestFormat
{
    private const int Fields = 6;
    private const int FieldsBeforeScreen = 5;
    private const int FailFields = 4;
    private const int MaxVerb = 64;
    private const int MaxSide = 1000;

    /// <exception cref="SeshException">It is more than may be sent, or nothing that can be run.</exception>
    public static ReadOnlyMemory<byte> Write(Request request)
    {
        var bytes = request.Verb.Length + request.Arguments.Sum(Encoding.UTF8.GetByteCount);
        if (bytes > Request.MaxBytes || request.Arguments.Length > Limits.Arguments)
            throw new SeshException("too-large", "these are more words than can be sent to another machine", "give long text by standard input", 2);
        if (request.Arguments.Any(a => a.Contains('\0')))
            throw new SeshException("usage", "a word with a NUL in it", null, 2);
        return Packed.Write((ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(Fields);
            writer.Write(request.Verb);
            writer.Write(request.Target);
            writer.WriteArrayHeader(request.Path.Length);
            foreach (var machine in request.Path)
                writer.Write(machine);
            if (request.Terminal is { } terminal)
                Write(ref writer, terminal);
            else
                writer.WriteNil();
            writer.WriteArrayHeader(request.Arguments.Length);
            foreach (var argument in request.Arguments)
                writer.Write(argument);
            if (request.Screen is not { } screen)
            {
                writer.WriteNil();
                return;
            }

            writer.WriteArrayHeader(3);
            writer.Write(screen.Columns);
            writer.Write(screen.Color);
            writer.Write(screen.ColorNotes);
        });
    }

    /// <exception cref="WireException">Whatever is wrong with it.</exception>
    public static Request Read(ReadOnlyMemory<byte> bytes) => Packed.Read(bytes, "a request", (ref MessagePackReader reader) =>
    {
        var fields = Packed.Count(ref reader, 64);
        var request = new Request
        {
            Verb = Verb(ref reader),
            Target = reader.TryReadNil() ? null : Packed.Machine(ref reader),
            Path = Path(ref reader),
            Terminal = reader.TryReadNil() ? null : Terminal(ref reader),
            Arguments = Arguments(ref reader),
        };
        if (fields > FieldsBeforeScreen && !reader.TryReadNil())
            request = request with { Screen = Screen(ref reader) };
        Packed.SkipRest(ref reader, fields, Math.Min(fields, Fields));
        return request;
    });

    public static ReadOnlyMemory<byte> Write(RequestTerminal size) => Packed.Write((ref MessagePackWriter writer) => Write(ref writer, size));

    public static RequestTerminal ReadTerminal(ReadOnlyMemory<byte> bytes) => Packed.Read(bytes, "a terminal's size", Terminal);

    public static ReadOnlyMemory<byte> Write(SeshException failure) => Packed.Write((ref MessagePackWriter writer) =>
    {
        writer.WriteArrayHeader(FailFields);
        writer.Write(Short(failure.Code));
        writer.Write(Short(failure.Message));
        writer.Write(failure.Hint is null ? null : Short(failure.Hint));
        writer.Write(failure.ExitCode);
    });

    public static SeshException ReadFailure(ReadOnlyMemory<byte> bytes) => Packed.Read(bytes, "an error", (ref MessagePackReader reader) =>
    {
        var fields = Packed.Count(ref reader, 64);
        var code = Visible.Of(Packed.Text(ref reader, 4 * Limits.Text), 64);
        var message = Visible.Of(Packed.Text(ref reader, 4 * Limits.Text));
        var hint = reader.TryReadNil() ? null : Visible.Of(Packed.Text(ref reader, 4 * Limits.Text));
        var status = Math.Clamp(reader.ReadInt64(), 1, 255);
        Packed.SkipRest(ref reader, fields, FailFields);
        return new SeshException(code, message, hint, (int)status);
    });

    private static string Short(string text) => text.Length <= Limits.Text ? text : text[..Limits.Text];

    private static void Write(ref MessagePackWriter writer, RequestTerminal terminal)
    {
        writer.WriteArrayHeader(3);
        writer.Write(terminal.Columns);
        writer.Write(terminal.Rows);
        writer.Write(terminal.Name);
    }

    private static string Verb(ref MessagePackReader reader)
    {
        var verb = Packed.Text(ref reader, MaxVerb);
        return verb.Length > 0 && verb.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? verb
            : throw new WireException("a verb that cannot be one");
    }

    private static ImmutableArray<string> Path(ref MessagePackReader reader)
    {
        var path = ImmutableArray.CreateBuilder<string>();
        for (var n = Packed.Count(ref reader, Request.MaxHops); n > 0; n--)
            path.Add(Packed.Machine(ref reader));
        return path.ToImmutable();
    }

    private static RequestTerminal Terminal(ref MessagePackReader reader)
    {
        var fields = Packed.Count(ref reader, 16);
        var (columns, rows, name) = (reader.ReadInt32(), reader.ReadInt32(), Packed.Text(ref reader, 64));
        Packed.SkipRest(ref reader, fields, 3);
        return columns is >= 1 and <= MaxSide && rows is >= 1 and <= MaxSide && name.All(c => c is > ' ' and < '\u007F')
            ? new RequestTerminal(columns, rows, name)
            : throw new WireException("a terminal that cannot be one");
    }

    private static RequestScreen Screen(ref MessagePackReader reader)
    {
        var fields = Packed.Count(ref reader, 16);
        var screen = new RequestScreen(reader.ReadInt32(), reader.ReadBoolean(), reader.ReadBoolean());
        Packed.SkipRest(ref reader, fields, 3);
        return screen.Columns is >= 0 and <= MaxSide ? screen : throw new WireException("a screen that cannot be one");
    }

    private static ImmutableArray<string> Arguments(ref MessagePackReader reader)
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        for (var n = Packed.Count(ref reader, Limits.Arguments); n > 0; n--)
        {
            var argument = Packed.Text(ref reader, Request.MaxBytes);
            arguments.Add(argument.Contains('\0') ? throw new WireException("a word with a NUL in it") : argument);
        }

        return arguments.ToImmutable();
    }
}
