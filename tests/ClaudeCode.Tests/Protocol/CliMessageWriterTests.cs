using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Tests.Protocol;

public sealed class CliMessageWriterTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("two\nlines\r\n and \u2028 one more")]
    [InlineData("quote \" backslash \\ nul \0 emoji 🐳")]
    [InlineData("{\"type\":\"control_request\"}\n{\"type\":\"control_request\"}")]
    public void User_AnyText_IsOneLineThatCarriesIt(string prompt)
    {
        var id = Guid.NewGuid();

        var message = Parse(CliMessageWriter.User(id, prompt));

        Assert.Equal("user", message.GetProperty("type").GetString());
        Assert.Equal("user", message.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal(prompt, message.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(id, message.GetProperty("uuid").GetGuid());
    }

    [Fact]
    public void ControlRequest_NamesItsSubtype()
    {
        var message = Parse(CliMessageWriter.ControlRequest("r1", "interrupt"));

        Assert.Equal("control_request", message.GetProperty("type").GetString());
        Assert.Equal("r1", message.GetProperty("request_id").GetString());
        Assert.Equal("interrupt", message.GetProperty("request").GetProperty("subtype").GetString());
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Span);
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        return JsonDocument.Parse(text).RootElement;
    }
}
