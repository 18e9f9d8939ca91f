using System.Globalization;
using CsCheck;
using Sesh.Output;
using Sesh.Sync.Documents;
using Xunit;

namespace Sesh.Tests.Output;

public sealed class TextTests
{
    [Theory]
    [InlineData("plain ~", "plain ~")]
    [InlineData("\0\a\e[2J\x7f", "␀␇␛[2J␡")]
    [InlineData("a\nb\tc\r", "a␊b␉c␍")]
    [InlineData("\u009b31m\u0085", "<U+009B>31m<U+0085>")]
    [InlineData("\u202ea\u2066b\u200f\u061c\u2028", "<U+202E>a<U+2066>b<U+200F><U+061C><U+2028>")]
    [InlineData("é 名 👩‍👩‍👧 שלום", "é 名 👩‍👩‍👧 שלום")]
    public void Control_characters_become_visible(string text, string shown) => Assert.Equal(shown, Visible.Line(text));

    [Fact]
    public void Half_a_surrogate_pair_becomes_visible() => Assert.Equal("<U+D800>x<U+DC00>", Visible.Line("\ud800x\udc00"));

    [Fact]
    public void Running_text_keeps_its_lines_and_tabs_and_nothing_else() => Assert.Equal("a\n\tb␍␛[0m<U+202E>", Visible.Text("a\n\tb\r\e[0m\u202e"));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("名前", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("🇩🇪x", 3)]
    [InlineData("❤️", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("", 0)]
    public void Width_is_that_of_what_a_reader_sees(string text, int width) => Assert.Equal(width, Columns.Of(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("名前だ", 4, "名…")]
    [InlineData("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", 1, "…")]
    public void A_cut_is_never_through_a_character(string text, int width, string expected)
    {
        Assert.Equal(expected, Columns.Fit(text, width));
        Assert.True(Columns.Of(expected) <= width);
    }

    [Theory]
    [InlineData("a\tb\nc\\d\re\e", "a\\tb\\nc\\\\d\\re␛")]
    [InlineData("plain", "plain")]
    public void Tsv_escapes_what_would_break_a_row(string value, string expected) => Assert.Equal(expected, Tsv.Escape(value));

    [Theory]
    [InlineData(0, "now")]
    [InlineData(-5, "now")]
    [InlineData(1000, "1s")]
    [InlineData(59_999, "59s")]
    [InlineData(60_000, "1m")]
    [InlineData(7_200_000, "2h")]
    [InlineData(86_400_000, "1d")]
    [InlineData(27 * 86_400_000L, "27d")]
    [InlineData(28 * 86_400_000L, "4w")]
    [InlineData(400 * 86_400_000L, "1y")]
    public void Ages_are_in_one_unit(long milliseconds, string age) => Assert.Equal(age, Age.Of(milliseconds));

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000Z")]
    [InlineData(1795384195123, "2026-11-22T21:49:55.123Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.999Z")]
    [InlineData(long.MinValue, "0001-01-01T00:00:00.000Z")]
    public void Times_are_rfc_3339(long milliseconds, string text) => Assert.Equal(text, Timestamp.Of(milliseconds));

    [Fact]
    public void Times_are_those_of_the_calendar() => Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Sample(milliseconds =>
        Timestamp.Of(milliseconds) == DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    [Fact]
    public void Uuids_read_as_guids_do() => Gen.Guid.Sample(guid => SessionId.FromGuid(guid).ToString() == guid.ToString());
}
