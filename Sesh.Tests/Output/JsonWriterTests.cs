using System.Text;
using System.Text.Json;
using CsCheck;
using Sesh.Output;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Output;

public sealed class JsonWriterTests
{
    [Fact]
    public void Indented_by_two_with_a_blank_behind_the_colon() => Assert.Equal(
        """
        {
          "text": "a\"\\\n\t✅ 名",
          "number": -5,
          "yes": true,
          "no": null,
          "at": "1970-01-01T00:00:00.001Z",
          "never": null,
          "uuid": "00000000-0000-0000-0000-000000000001",
          "empty": [],
          "none": {},
          "list": [
            1,
            {
              "a\n": "b"
            }
          ]
        }

        """,
        Written(null, json =>
        {
            json.StartObject();
            json.Property("text"u8, "a\"\\\n\t✅ 名");
            json.Property("number"u8, -5);
            json.Property("yes"u8, true);
            json.Property("no"u8, null);
            json.TimeProperty("at"u8, 1);
            json.TimeProperty("never"u8, 0);
            json.Property("uuid"u8, new SessionId(1));
            json.Name("empty"u8);
            json.StartArray();
            json.EndArray();
            json.Name("none"u8);
            json.StartObject();
            json.EndObject();
            json.Name("list"u8);
            json.StartArray();
            json.Value(1);
            json.StartObject();
            json.Key("a\n");
            json.Value("b");
            json.EndObject();
            json.EndArray();
            json.EndObject();
        }));

    [Fact]
    public void Only_the_fields_asked_for_are_written_whatever_they_hold() => Assert.Equal(
        "[\n  {\n    \"b\": 2,\n    \"d\": {\n      \"a\": 4\n    }\n  }\n]\n",
        Written(["b", "d"], json =>
        {
            json.StartArray();
            json.StartObject();
            json.Property("a"u8, 1);
            json.Property("b"u8, 2);
            json.Name("c"u8);
            json.StartArray();
            json.StartObject();
            json.Property("b"u8, "x");
            json.EndObject();
            json.Value(3);
            json.EndArray();
            json.Name("d"u8);
            json.StartObject();
            json.Property("a"u8, 4);
            json.EndObject();
            json.EndObject();
            json.EndArray();
        }));

    [Fact]
    public void Controls_are_escaped_in_place() => Assert.Equal(
        "\"\\u0000\\b\\f\\u001b\\u007f\\u009b\\u202e\\u2066\\u2028 \u200d é\"", Text("\0\b\f\e\x7f\x9b\u202e\u2066\u2028 \u200d é"));

    [Fact]
    public void Any_text_reads_back_and_holds_no_control_character()
    {
        var some = Gen.OneOf(Gen.Char['\0', '\u00ff'], Gen.Char['\u2000', '\u2070'], Gen.Char['\ud7f0', '\ue010'], Gen.Char);
        Gen.String[some, 0, 300].Sample(text =>
        {
            var json = Text(text);
            // What is no Unicode text (a lone surrogate) becomes U+FFFD, as everywhere in .NET.
            var sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(sound, JsonSerializer.Deserialize<string>(json));
            Assert.DoesNotContain(json, Visible.IsControl);
        });
    }

    [Fact]
    public void A_text_longer_than_any_buffer_is_written_whole()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789\"é✅", 50_000));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(Text(text)));
    }

    private static string Text(string text)
    {
        using var stream = new MemoryStream();
        var buffer = new ResultBuffer(stream);
        JsonText.Write(buffer, text);
        buffer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Written(IReadOnlyCollection<string>? fields, Action<JsonWriter> write)
    {
        using var stream = new MemoryStream();
        var buffer = new ResultBuffer(stream);
        write(new JsonWriter(buffer, fields));
        buffer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
