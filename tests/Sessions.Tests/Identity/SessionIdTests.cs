using System.Text.Json;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Tests.Identity;

public sealed class SessionIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("slack:C024BE91L:1503435956.000247")]
    [InlineData("user@example.com")]
    [InlineData("A-Za-z0-9._:@-")]
    [InlineData("...")]
    public void TryParse_AllowedCharacters_KeepsTheText(string text)
    {
        Assert.True(SessionId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a~b")]
    [InlineData("ä")]
    [InlineData("a\u0000")]
    public void TryParse_OtherCharacters_Refuses(string? text)
    {
        Assert.False(SessionId.TryParse(text, out _));
    }

    [Fact]
    public void TryParse_Length_Ends_At_128()
    {
        Assert.True(SessionId.TryParse(new string('x', 128), out _));
        Assert.False(SessionId.TryParse(new string('x', 129), out _));
    }

    [Fact]
    public void Equality_DifferentCase_AreDifferentSessions()
    {
        Assert.NotEqual(SessionId.Parse("Alpha"), SessionId.Parse("alpha"));
    }

    [Fact]
    public void Json_RoundTrip_IsPlainText()
    {
        var json = JsonSerializer.Serialize(SessionId.Parse("room:1"));

        Assert.Equal("\"room:1\"", json);
        Assert.Equal(SessionId.Parse("room:1"), JsonSerializer.Deserialize<SessionId>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SessionId>("\"a/b\""));
    }

    [Fact]
    public void Value_OfDefault_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => default(SessionId).Value);
    }
}
