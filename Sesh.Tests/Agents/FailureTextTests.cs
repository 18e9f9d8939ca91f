using Sesh.Agents;
using Xunit;

namespace Sesh.Tests.Agents;

public sealed class FailureTextTests
{
    [Theory]
    [InlineData("""{"type":"error","message":"fake error 400"}""", "fake error 400")]
    [InlineData("""400 {"type":"error","error":{"type":"bad","message":"fake error 400"}}""", "400 fake error 400")]
    [InlineData("""{"error":{"message":"{\"message\":\"inner\"}"}}""", "inner")]
    [InlineData("no { JSON", "no { JSON")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    [InlineData("plain", "plain")]
    public void The_message_inside_is_told(string said, string told) => Assert.Equal(told, FailureText.Of(said));
}
