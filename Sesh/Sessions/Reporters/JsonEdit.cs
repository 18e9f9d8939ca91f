using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sesh.Sessions.Reporters;

/// <summary>
/// Adding to a JSON text and taking out again, so that after both every byte is as it was. What was empty before must be told from what we made: what we made is left, when it is
/// emptied, with just the blanks we put between its brackets; what had these and perhaps more of itself gets one more for the time.
/// </summary>
internal static class JsonEdit
{
    /// <summary>Between the brackets of a list made here, once emptied.</summary>
    public const string MadeArray = "";

    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <param name="made">What is left between the brackets of such an object made here, once emptied; null where this one was made here.</param>
    public static byte[] AddMember(byte[] json, JsonNode to, string name, string value, string? made)
    {
        if (to.IsEmpty)
        {
            json = SetApart(json, to, made);
            return Insert(json, to.Start + 1, $"\n{Indent(json, to.Start)}  {Quoted(name)}: {value}");
        }

        var last = to.Members[^1];
        return Insert(json, last.Value.End, $",{Break(json, to.Start, last.Start)}{Quoted(name)}: {value}");
    }

    public static byte[] AddItem(byte[] json, JsonNode to, string value, string? made)
    {
        if (to.IsEmpty)
            return Insert(SetApart(json, to, made), to.Start + 1, value);
        var last = to.Items[^1];
        return Insert(json, last.End, $",{Break(json, to.Start, last.Start)}{value}");
    }

    public static byte[] RemoveMember(byte[] json, JsonNode from, JsonMember member)
    {
        var at = from.Members.ToList().FindIndex(m => m.Start == member.Start);
        return at > 0 ? Cut(json, from.Members[at - 1].Value.End, member.Value.End)
            : from.Members.Count > 1 ? Cut(json, member.Start, from.Members[1].Start)
            : Cut(json, from.Start + 1, member.Value.End);
    }

    public static byte[] RemoveItem(byte[] json, JsonNode from, JsonNode item)
    {
        var at = from.Items.ToList().FindIndex(i => i.Start == item.Start);
        return at > 0 ? Cut(json, from.Items[at - 1].End, item.End)
            : from.Items.Count > 1 ? Cut(json, item.Start, from.Items[1].Start)
            : Cut(json, item.Start, item.End);
    }

    /// <summary>It is empty now, and was made here. What was there before is given back its own blanks.</summary>
    public static bool WasMade(ref byte[] json, JsonNode emptied, string made)
    {
        var inner = Inner(json, emptied);
        if (inner == made)
            return true;
        if (IsMadeAndBlanks(inner, made))
            json = Cut(json, emptied.End - 2, emptied.End - 1);
        return false;
    }

    /// <summary>The blanks at the beginning of the line on which a value stands.</summary>
    public static string Indent(byte[] json, int at)
    {
        var start = json.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var end = start;
        while (end < at && json[end] is (byte)' ' or (byte)'\t')
            end++;
        return Encoding.UTF8.GetString(json, start, end - start);
    }

    /// <summary>One a line where the last one has a line to itself, else all in one.</summary>
    private static string Break(byte[] json, int container, int last)
    {
        var indent = Indent(json, last);
        return json.AsSpan(container, last - container).Contains((byte)'\n') && json.AsSpan(0, last).LastIndexOf((byte)'\n') + 1 + indent.Length == last ? "\n" + indent : " ";
    }

    private static byte[] SetApart(byte[] json, JsonNode empty, string? made) => made is not null && IsMadeAndBlanks(Inner(json, empty), made) ? Insert(json, empty.End - 1, " ") : json;

    private static bool IsMadeAndBlanks(string inner, string made) => inner.StartsWith(made, StringComparison.Ordinal) && inner.AsSpan(made.Length).Trim(' ').IsEmpty;

    private static string Inner(byte[] json, JsonNode container) => Encoding.Latin1.GetString(json, container.Start + 1, container.End - container.Start - 2);

    private static byte[] Insert(byte[] json, int at, string text) => [.. json.AsSpan(0, at), .. Encoding.UTF8.GetBytes(text), .. json.AsSpan(at)];

    private static byte[] Cut(byte[] json, int from, int to) => [.. json.AsSpan(0, from), .. json.AsSpan(to)];
}
