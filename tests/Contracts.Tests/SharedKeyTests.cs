using FunctionsBroker.Contracts.Hosts;

namespace FunctionsBroker.Contracts.Tests;

public sealed class SharedKeyTests
{
    [Theory]
    [InlineData("first", true)]
    [InlineData("second", true)]
    [InlineData("First", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Matches_WithASpare_TakesEither(string? shown, bool taken) =>
        Assert.Equal(taken, new SharedKey("first", "second").Matches(shown));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Matches_WithoutASpare_TakesTheKeyOnly(string? spare)
    {
        var key = new SharedKey("first", spare);

        Assert.True(key.Matches("first"));
        Assert.False(key.Matches(""));
        Assert.False(key.Matches(null));
    }
}
