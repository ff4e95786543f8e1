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
    [InlineData("+15551234567")]
    [InlineData("auth0|abc")]
    [InlineData("19:meeting_Zjk@thread.v2;messageid=1481567603816")]
    [InlineData("<CAF=a+b/c#d?e~f!@mail.example.com>")]
    [InlineData("a\\b & 'c' \"d\" 100%")]
    [InlineData("Grüße 👋 部屋")]
    public void TryParse_WhatPlatformsSend_KeepsTheText(string text)
    {
        Assert.True(SessionId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a%2Fb")]
    [InlineData("a%%41")]
    [InlineData("a\nb")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085")]
    [InlineData("a\u00a0b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u202eb")]
    [InlineData("a\ue02fb")]
    [InlineData("a\u0000")]
    public void TryParse_OtherCharacters_Refuses(string? text)
    {
        Assert.False(SessionId.TryParse(text, out _));
    }

    [Fact]
    public void TryParse_HalfACharacter_Refuses()
    {
        Assert.False(SessionId.TryParse("a\ud83d", out _));
    }

    [Fact]
    public void TryParse_Length_Ends_At_255()
    {
        Assert.True(SessionId.TryParse(new string('x', 255), out _));
        Assert.False(SessionId.TryParse(new string('x', 256), out _));
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
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SessionId>("\"..\""));
    }

    [Fact]
    public void Value_OfDefault_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => default(SessionId).Value);
    }
}
