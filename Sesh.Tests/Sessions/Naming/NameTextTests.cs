using System.Globalization;
using Sesh.Sessions.Naming;
using Xunit;

namespace Sesh.Tests.Sessions.Naming;

public sealed class NameTextTests
{
    [Theory]
    [InlineData("Mend the parser", "Mend the parser")]
    [InlineData("  Mend the parser.\n", "Mend the parser")]
    [InlineData("\"Mend the parser.\"", "Mend the parser")]
    [InlineData("“Mend the parser”", "Mend the parser")]
    [InlineData("**Mend the parser**", "Mend the parser")]
    [InlineData("# Mend the parser", "Mend the parser")]
    [InlineData("- `Mend the parser`", "Mend the parser")]
    [InlineData("1. Mend the parser", "Mend the parser")]
    [InlineData("Name: \"Mend the parser\"", "Mend the parser")]
    [InlineData("**Title:** Mend the parser", "Mend the parser")]
    [InlineData("Session name: **Mend `Parse()`**", "Mend Parse()")]
    [InlineData("```\nMend the parser\n```", "Mend the parser")]
    [InlineData("\n\nMend the parser\n\nI chose this because …", "Mend the parser")]
    [InlineData("<think>It is about\na parser.</think>\nMend the parser", "Mend the parser")]
    [InlineData("\u001b[1mMend\u001b[0m the\tparser\u0007", "Mend the parser")]
    [InlineData("\u001b]0;title\u0007Mend the parser", "Mend the parser")]
    [InlineData("Port it to C#", "Port it to C#")]
    [InlineData("Why it hangs...", "Why it hangs...")]
    [InlineData("snake_case_names", "snake_case_names")]
    [InlineData("修复解析器 🙂", "修复解析器 🙂")]
    [InlineData("a\u202eb", "a b")]
    [InlineData("", "")]
    [InlineData(" \n\t\n\"\"\n", "")]
    [InlineData("```\n```", "")]
    public void A_models_answer_becomes_one_bare_line(string answer, string name) => Assert.Equal(name, NameText.Clean(answer));

    [Fact]
    public void A_long_answer_is_cut_where_a_reader_sees_a_character_end()
    {
        var name = NameText.Clean(string.Concat(Enumerable.Repeat("👩‍👩‍👧 ", 400)));
        Assert.InRange(new StringInfo(name).LengthInTextElements, NameText.MaxLength - 1, NameText.MaxLength + 1);
        Assert.EndsWith("…", name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_of_anything_is_bounded()
    {
        foreach (var text in (string[])[new('a', 1 << 20), new('"', 1 << 20), new('*', 1 << 20), new('\u001b', 1 << 20), string.Concat(Enumerable.Repeat("<think>", 1 << 15))])
            Assert.True(NameText.Clean(text).Length <= 4 * NameText.MaxLength);
    }
}
